"""Two models, one GPU: which of them is on it and when."""

from lib_adcopy.gpu.loading import LoadingStoppedError, ModelUse
from lib_adcopy.gpu.manager import ModelManager
from lib_adcopy.gpu.placement import DEVICES, POLICIES, ModelPlacement
from lib_adcopy.gpu.status import Status

__all__ = ["DEVICES", "POLICIES", "LoadingStoppedError", "ModelManager", "ModelPlacement", "ModelUse", "Status"]
