"""The webui's way in. It runs every file of this folder again at each load, so there is only this one."""

from lib_adcopy.hosts.webui.entry import Extension

Extension().register()
