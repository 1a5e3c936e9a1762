"""The studio's own host: no webui. Draws by diffusers where a checkpoint is there, else leaves pictures to type."""

from lib_adcopy.hosts.standalone.host import StandaloneHost

__all__ = ["StandaloneHost"]
