"""Two models, one card: who is on it and when."""

from lib_adcopy.residency.loading import LoadingStoppedError, OnLoading
from lib_adcopy.residency.placement import DEVICES, POLICIES, Placement
from lib_adcopy.residency.residency import Residency
from lib_adcopy.residency.status import Status

__all__ = ["DEVICES", "POLICIES", "LoadingStoppedError", "OnLoading", "Placement", "Residency", "Status"]
