"""Loads the extension. The webui runs every file of this folder again at each load, so there is only this one."""

from lib_adcopy.extension import Extension

Extension().register()
