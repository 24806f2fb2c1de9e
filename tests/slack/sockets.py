"""A stand-in for Slack's end of Socket Mode: a websocket that sends envelopes, and drops connections on demand."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp.test_utils import TestServer


class SocketStandIn:
    """Sends each envelope until it is acknowledged, over whichever connection there is."""

    def __init__(self) -> None:
        """Begin with no connection and nothing to send."""
        self.acknowledged: dict[str, Any] = {}
        self.sent: list[str] = []
        self.connections = 0
        # Drop the connection instead of waiting for the acknowledgement, so many times.
        self.drops = 0
        self._waiting: dict[str, Mapping[str, Any]] = {}
        self._arrived = asyncio.Condition()
        self._open: web.WebSocketResponse | None = None
        self._server: TestServer | None = None

    async def start(self) -> str:
        """Listen; returns the address for apps.connections.open."""
        app = web.Application()
        app.add_routes([web.get("/socket", self._connected)])
        self._server = TestServer(app)
        await self._server.start_server()
        return str(self._server.make_url("/socket")).replace("http", "ws", 1)

    async def stop(self) -> None:
        """Listen no more."""
        if self._open is not None:
            await self._open.close()
        if self._server is not None:
            await self._server.close()

    async def deliver(self, envelope_id: str, kind: str, payload: Mapping[str, Any]) -> Any:
        """Send an envelope until it has been acknowledged; returns what came with the acknowledgement."""
        envelope = {"envelope_id": envelope_id, "type": kind, "payload": payload, "accepts_response_payload": True}
        self._waiting[envelope_id] = envelope
        if self._open is not None:
            await self._send(self._open, envelope)
        async with self._arrived:
            await self._arrived.wait_for(lambda: envelope_id in self.acknowledged)
        return self.acknowledged[envelope_id]

    async def again(self, envelope_id: str, kind: str, payload: Mapping[str, Any]) -> Any:
        """Send an envelope that was acknowledged already once more, as Slack does when it did not hear of it."""
        self.acknowledged.pop(envelope_id, None)
        return await self.deliver(envelope_id, kind, payload)

    async def drop(self) -> None:
        """Close the connection, and return when the next one has come."""
        before = self.connections
        if self._open is not None:
            await self._open.close()
        async with self._arrived:
            await self._arrived.wait_for(lambda: self.connections > before)

    async def _connected(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str(json.dumps({"type": "hello", "num_connections": 1}))
        self._open = socket
        self.connections += 1
        async with self._arrived:
            self._arrived.notify_all()
        for envelope in list(self._waiting.values()):
            await self._send(socket, envelope)
        async for told in socket:
            if told.type is not WSMsgType.TEXT:
                continue
            answer = json.loads(told.data)
            self._waiting.pop(answer["envelope_id"], None)
            self.acknowledged[answer["envelope_id"]] = answer.get("payload")
            async with self._arrived:
                self._arrived.notify_all()
        return socket

    async def _send(self, socket: web.WebSocketResponse, envelope: Mapping[str, Any]) -> None:
        self.sent.append(str(envelope["envelope_id"]))
        await socket.send_str(json.dumps(envelope))
        if self.drops:
            self.drops -= 1
            await socket.close()
