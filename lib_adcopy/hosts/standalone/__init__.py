"""The studio's own host, without a webui: draws with diffusers where there is a checkpoint."""

from lib_adcopy.hosts.standalone.host import StandaloneHost

__all__ = ["StandaloneHost"]
