"""`samlas rotate-secrets`: encrypt every stored token anew, under the first key of SAMLAS_SECRET_KEY."""

import argparse

from bot.context import known
from bot.program import Program
from bot.secrets import SecretLost, vault_of
from storage.installations import installations_with_secrets, replace_secret


def arguments(parser: argparse.ArgumentParser) -> None:
    """Take no arguments."""


async def run(args: argparse.Namespace, program: Program) -> int:  # noqa: ARG001 - every command has the same form
    """Encrypt anew in one transaction, and say how many; 1 when a token can be read under none of the keys."""
    vault = vault_of(program.config.secret_key)
    done = lost = 0
    async with program.database() as database, database.begin() as session:
        for installation in await installations_with_secrets(session):
            try:
                secret = vault.lock_anew(installation.secret or "")
            except SecretLost:
                lost += 1
                continue
            await replace_secret(session, installation.workspace_id, known(installation.id), secret)
            done += 1
    print(program.say.many("{count} token is encrypted anew.", "{count} tokens are encrypted anew.", done))
    if lost:
        print(
            program.say.many(
                "{count} token could not be read under any key in SAMLAS_SECRET_KEY. Install Samlas there again.",
                "{count} tokens could not be read under any key in SAMLAS_SECRET_KEY. Install Samlas there again.",
                lost,
            )
        )
        return 1
    print(program.say("The older keys in SAMLAS_SECRET_KEY can be taken away now."))
    return 0
