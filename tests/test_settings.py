from datetime import timedelta
from pathlib import Path

import pytest

from app.settings import Settings, SettingsError, load_settings


def test_nothing_need_be_set(tmp_path: Path) -> None:
    assert load_settings({"XDG_DATA_HOME": "/var/lib"}, tmp_path) == Settings(data=Path("/var/lib/stillup"))


def test_everything_can_be_set(tmp_path: Path) -> None:
    environ = {
        "STILLUP_DATA": "here",
        "STILLUP_CATALOGUE": "mine.yaml",
        "STILLUP_HOST": "192.0.2.7",
        "STILLUP_PORT": "9",
        "STILLUP_PUBLIC_URL": "https://status.example/",
        "STILLUP_REGION": "eu",
        "STILLUP_PROBING": "off",
        "STILLUP_METRICS": "off",
        "STILLUP_SEATS": "5",
        "STILLUP_SEATS_PER_VENDOR": "2",
        "STILLUP_KEEP_RESULTS": "7d",
        "STILLUP_KEEP_HOURS": "90",
        "STILLUP_PUBLISH": "s3://status/pre/fix",
        "STILLUP_PUBLISH_URL": "https://copy.example/",
        "STILLUP_PUBLISH_EVERY": "10m",
        "STILLUP_PUBLISH_KEY": "id:secret",
        "STILLUP_PUBLISH_KEY_FILE": "key.txt",
        "STILLUP_PUBLISH_ENDPOINT": "http://127.0.0.1:9000",
        "STILLUP_PUBLISH_REGION": "auto",
        "STILLUP_PUBLISH_STYLE": "Path",
        "STILLUP_PUBLISH_NAMES": "files",
        "STILLUP_SIMULATED": "on",
        "STILLUP_LOG_LEVEL": "DEBUG",
        "HOME": "/root",
    }
    assert load_settings(environ, tmp_path) == Settings(
        data=tmp_path / "here",
        catalogue=tmp_path / "mine.yaml",
        host="192.0.2.7",
        port=9,
        public_url="https://status.example",
        region="eu",
        probing=False,
        metrics=False,
        seats=5,
        seats_per_vendor=2,
        keep_results=timedelta(days=7),
        keep_hours=timedelta(days=90),
        publish="s3://status/pre/fix",
        publish_url="https://copy.example",
        publish_every=timedelta(minutes=10),
        publish_key="id:secret",
        publish_key_file=Path("key.txt"),
        publish_endpoint="http://127.0.0.1:9000",
        publish_region="auto",
        publish_style="path",
        publish_names="files",
        simulated=True,
        log_level="debug",
    )


def test_an_own_catalogue_in_the_working_directory_is_taken(tmp_path: Path) -> None:
    (tmp_path / "stillup.yaml").touch()
    assert load_settings({}, tmp_path).catalogue == tmp_path / "stillup.yaml"


@pytest.mark.parametrize(
    ("variable", "value", "message"),
    [
        ("STILLUP_PORT", "http", "STILLUP_PORT: 'http' cannot be used; give a port from 0 to 65535"),
        ("STILLUP_PORT", "70000", "STILLUP_PORT: '70000' cannot be used; give a port from 0 to 65535"),
        ("STILLUP_PROBING", "maybe", "STILLUP_PROBING: 'maybe' cannot be used; give on or off"),
        ("STILLUP_KEEP_HOURS", "1h", "STILLUP_KEEP_HOURS: '1h' cannot be used; give whole days, such as 400d"),
        (
            "STILLUP_PUBLIC_URL",
            "status.example",
            "STILLUP_PUBLIC_URL: 'status.example' cannot be used; give an address that starts with https:// or http://",
        ),
        ("STILLUP_REGION", "eu west", "STILLUP_REGION: 'eu west' cannot be used; give one plain word"),
        (
            "STILLUP_PUBLISH",
            "gs://status",
            "STILLUP_PUBLISH: 'gs://status' cannot be used; give a folder, or s3://bucket/prefix",
        ),
        (
            "STILLUP_PUBLISH_EVERY",
            "30s",
            "STILLUP_PUBLISH_EVERY: '30s' cannot be used; give whole minutes from 1m to 1440m",
        ),
        (
            "STILLUP_PUBLISH_KEY",
            "verysecret",
            "STILLUP_PUBLISH_KEY: what is given cannot be used; give ID:SECRET, or ID:SECRET:TOKEN",
        ),
        (
            "STILLUP_LOG_LEVEL",
            "loud",
            "STILLUP_LOG_LEVEL: 'loud' cannot be used; give debug, info, warning or error",
        ),
    ],
)
def test_a_wrong_value_names_the_setting_and_the_remedy(
    tmp_path: Path, variable: str, value: str, message: str
) -> None:
    with pytest.raises(SettingsError) as error:
        load_settings({variable: value}, tmp_path)
    assert str(error.value) == message


def test_what_is_published_needs_an_address_and_a_bucket_a_key(tmp_path: Path) -> None:
    copy = {"STILLUP_PUBLISH": "site"}
    told = load_settings(copy | {"STILLUP_PUBLIC_URL": "https://status.example"}, tmp_path)
    assert told.publish == str(tmp_path / "site")
    with pytest.raises(SettingsError, match="say where the copy is reached, with STILLUP_PUBLISH_URL"):
        load_settings(copy, tmp_path)
    bucket = {"STILLUP_PUBLISH": "s3://status", "STILLUP_PUBLISH_URL": "https://status.example"}
    with pytest.raises(SettingsError, match="a bucket needs STILLUP_PUBLISH_KEY, or STILLUP_PUBLISH_KEY_FILE"):
        load_settings(bucket, tmp_path)


def test_a_key_is_not_shown_with_the_settings(tmp_path: Path) -> None:
    told = load_settings({"STILLUP_PUBLISH_KEY": "id:verysecret"}, tmp_path)
    assert "verysecret" not in repr(told)


def test_a_misspelt_setting_is_not_ignored(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^STILLUP_PROT: no such setting; did you mean STILLUP_PORT\?$"):
        load_settings({"STILLUP_PROT": "80"}, tmp_path)
