"""The files of an installation on several machines say the same as the settings. They are read here, not run."""

import re
import subprocess
import sys
from pathlib import Path

import environ
import pytest
import yaml
from django.conf import settings

from cohesion.database import cache_tables
from cohesion.lib.logs import _LINK

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
NGINX = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_two_processes_of_the_site_share_one_database_behind_the_frontal():
    services = COMPOSE["services"]
    assert set(services) == {"database", "migrate", "app1", "app2", "messages", "daily", "backup", "nginx"}
    assert services["app1"]["environment"] == services["app2"]["environment"]
    assert set(services["nginx"]["depends_on"]) == set(re.findall(r"server (\w+):8000", NGINX))
    volumes = {volume.partition(":")[0] for one in services.values() for volume in one.get("volumes", [])}
    assert {*COMPOSE["volumes"], "${BACKUP_FOLDER"} - {"backups"} <= volumes


def test_each_variable_given_to_the_site_is_one_that_it_reads():
    read = (ROOT / "cohesion" / "settings.py").read_text(encoding="utf-8")
    given = {name for name in COMPOSE["services"]["app1"]["environment"] if not name.startswith("AWS_")}
    for name in given:
        assert f'"{name}"' in read, name
    # What the image or the compose file decides, and what is for a developer's machine, stays out.
    kept = {"ATTACHMENTS_ROOT", "STATIC_ROOT", "DEBUG", "DEMO", "MAINTENANCE"}
    assert set(re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_0-9]+)"', read)) == given | kept


def test_the_frontal_knows_the_fixed_address_of_each_process():
    addresses = {
        f"{name}:{COMPOSE['services'][name]['networks']['default']['ipv4_address']}" for name in ("app1", "app2")
    }
    assert set(COMPOSE["services"]["nginx"]["extra_hosts"]) == addresses


def test_the_image_has_the_tools_of_the_very_postgresql_that_is_started():
    version = COMPOSE["services"]["database"]["image"].removeprefix("postgres:")
    assert f"postgresql-client-{version} " in DOCKERFILE


def test_no_secret_stands_in_the_files():
    for name, value in COMPOSE["services"]["app1"]["environment"].items():
        if name in ("SECRET_KEY", "DATABASE_URL"):
            assert re.search(r"\$\{\w+:\?", value), name


def test_the_frontal_writes_down_no_address_that_opens_something_by_itself():
    """The doors are those that the logs of the site hide."""
    hidden = re.search(r"~\^(\S+) 0;", NGINX)[1]
    for door in re.search(r"\?:([^)]+)\)/\)", _LINK.pattern)[1].split("|"):
        opened = f"/{'compte/' if door.startswith('mot-de-passe') else ''}{door}/secret/"
        assert re.match(hidden, opened), door
    assert not re.match(hidden, "/cadre/")


def test_the_frontal_replaces_the_forwarded_address_and_adds_no_header_of_its_own():
    assert "proxy_set_header X-Forwarded-For $remote_addr;" in NGINX
    assert "proxy_set_header X-Forwarded-Proto $scheme;" in NGINX
    assert "client_max_body_size 64m;" in NGINX
    assert "add_header" not in NGINX


def test_the_image_serves_without_rights_and_from_fixed_versions():
    assert "--require-hashes" in DOCKERFILE
    assert DOCKERFILE.count("\nFROM ") == 2
    assert re.search(r"^USER 10001$", DOCKERFILE, re.MULTILINE)
    assert "/sante/" in DOCKERFILE


def test_attachments_go_to_a_bucket_when_one_is_named_and_nothing_is_imported_for_it():
    said = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings as s; print(s.STORAGES['attachments'])"],
        cwd=ROOT,
        env={
            "DJANGO_SETTINGS_MODULE": "cohesion.settings",
            "MAINTENANCE": "1",
            "DATABASE_URL": "sqlite:///:memory:",
            "ATTACHMENTS_S3_BUCKET": "pieces",
            "ATTACHMENTS_S3_ENDPOINT": "https://objets.example",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert "storages.backends.s3.S3Storage" in said
    assert "'bucket_name': 'pieces'" in said
    assert "'endpoint_url': 'https://objets.example'" in said


def test_collectstatic_names_the_files_as_the_server_asks_for_them(tmp_path):
    collect = [sys.executable, "manage.py", "collectstatic", "--noinput"]
    environment = {"SECRET_KEY": "k" * 50, "ALLOWED_HOSTS": "a.example", "STATIC_ROOT": str(tmp_path)}
    subprocess.run(collect, cwd=ROOT, env=environment, check=True, capture_output=True)
    assert (tmp_path / "staticfiles.json").exists()
    assert list(tmp_path.glob("cohesion.*.css.br"))
    sheet = next(tmp_path.glob("admin_cohesion.*.css")).read_text()
    imported = re.findall(r'@import url\("([^"]+)"\)', sheet)
    assert imported
    assert all((tmp_path / name).exists() and name.count(".") == 2 for name in imported), "by its hashed name"


@pytest.mark.parametrize(
    ("setting", "value", "package"),
    [("CACHE_URL", "redis://127.0.0.1:6379/0", "redis"), ("ATTACHMENTS_S3_BUCKET", "pieces", "storages")],
)
def test_a_setting_whose_package_is_missing_is_refused_at_the_start_in_french(setting, value, package):
    without = f"import sys; sys.modules[{package!r}] = None; import cohesion.settings"
    environment = {"MAINTENANCE": "1", "DATABASE_URL": "sqlite:///:memory:", setting: value}
    said = subprocess.run([sys.executable, "-c", without], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert f"{setting} demande le paquet « {package} »" in said.stderr


def test_counts_kept_in_redis_have_no_table(settings):
    assert cache_tables() == {"cohesion_cache"}
    settings.CACHES = {"default": environ.Env.cache_url_config("redis://127.0.0.1:6379/0")}
    assert cache_tables() == set()
