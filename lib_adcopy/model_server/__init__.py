"""A client of model servers that speak OpenAI's chat form: Ollama, LM Studio, llama.cpp and others. Knows nothing of
ads."""

from lib_adcopy.model_server.address import ServerAddress, parse_address
from lib_adcopy.model_server.client import ServerClient
from lib_adcopy.model_server.exchange import Timeouts
from lib_adcopy.model_server.model import ServerModel

__all__ = ["ServerAddress", "ServerClient", "ServerModel", "Timeouts", "parse_address"]
