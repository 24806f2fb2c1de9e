// Draws what Slack was sent, for the pictures in docs/: messages as in a channel, modals and Home in their frames.
import React from "react";
import { createRoot } from "react-dom/client";
import { Message } from "slack-blocks-to-jsx";
import "slack-blocks-to-jsx/dist/style.css";

const time = new Date("2027-03-03T12:00:00Z");

const Blocks = ({ blocks }) => (
  <Message blocks={blocks} name="Samlas" logo={window.LOGO} time={time} withoutWrapper />
);

const Frame = ({ shown }) => {
  if (shown.kind === "message") {
    return (
      <div className="message">
        <Message blocks={shown.content} name="Samlas" logo={window.LOGO} time={time} />
      </div>
    );
  }
  const view = shown.content;
  if (shown.kind === "home") {
    return (
      <div className="home">
        <div className="bar"><b>Samlas</b> <span>Home</span> <span>Messages</span></div>
        <div className="blocks"><Blocks blocks={view.blocks} /></div>
      </div>
    );
  }
  return (
    <div className="modal">
      <div className="bar"><b>{view.title.text}</b><span>✕</span></div>
      <div className="blocks"><Blocks blocks={view.blocks} /></div>
      <div className="foot">
        {view.close && <button>{view.close.text}</button>}
        {view.submit && <button className="primary">{view.submit.text}</button>}
      </div>
    </div>
  );
};

for (const place of document.querySelectorAll("[data-shown]")) {
  createRoot(place).render(<Frame shown={window.SHOWN[place.dataset.shown]} />);
}
