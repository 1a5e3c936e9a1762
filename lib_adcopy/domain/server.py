"""Describe the model server that the user runs himself (Ollama, LM Studio, llama.cpp): where, and which model."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.domain.fields import setting


@dataclass(frozen=True)
class ServerSettings:
    """Settings of the machine, not of an ad: no record holds them.

    `public` allows an address on the internet, to which the words of briefs and copies then go.
    """

    address: str = setting("", name="server_address", flag="--server")
    key: str = setting("", name="server_key", secret=True)
    model: str = setting("", name="server_model", flag="--server-model")
    public: bool = setting(False, name="server_public", flag="--server-public")
