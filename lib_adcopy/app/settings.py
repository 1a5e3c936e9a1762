"""The extension's settings on the host's Settings page and command line; words in i18n/<language>/hosts.json."""

from __future__ import annotations

from lib_adcopy.domain.fields import fields_of
from lib_adcopy.domain.server import ServerSettings
from lib_adcopy.gpu import DEVICES, POLICIES
from lib_adcopy.hosts.base import SettingRow

SETTINGS = (
    SettingRow("model_folders", ""),
    SettingRow("device", DEVICES[0], DEVICES),
    SettingRow("bits", 0, (0, 4, 8, 16)),
    SettingRow("policy", POLICIES[0], POLICIES),
    SettingRow("idle_minutes", 0, most=240),
    *(SettingRow(row.name, row.default, secret=row.secret) for row in fields_of(ServerSettings).values()),
)
