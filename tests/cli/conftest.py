"""Commands in these tests are given their own settings, and none of whoever runs the tests."""

import os

import pytest

from app.settings import PREFIX


@pytest.fixture(autouse=True)
def _no_settings_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith(PREFIX)]:
        monkeypatch.delenv(name)
