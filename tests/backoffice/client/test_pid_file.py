from __future__ import annotations

import os
from pathlib import Path

from backoffice.client.pid_file import pid_file
from backoffice.running import running_processes


def test_a_process_keeps_its_id_while_it_serves(tmp_path: Path) -> None:
    with pid_file(tmp_path / "run", "backoffice", port=8001) as path:
        assert path.name == "backoffice.pid"
        assert path.read_text() == f"{os.getpid()}\n"
        assert running_processes(tmp_path) == ["backoffice"]
    assert running_processes(tmp_path) == []


def test_a_second_one_of_its_kind_leaves_the_first_one_s_file_alone(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    first = tmp_path / "run" / "backoffice.pid"
    first.write_text(f"{os.getppid()}\n")
    with pid_file(tmp_path / "run", "backoffice", port=8011):
        assert sorted(running_processes(tmp_path)) == ["backoffice", "backoffice-8011"]
    assert running_processes(tmp_path) == ["backoffice"]
    assert first.read_text() == f"{os.getppid()}\n"


def test_what_a_dead_process_left_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / "backoffice.pid").write_text("99999999\n")
    (tmp_path / "bot.pid").write_text("")
    for name in ("backoffice", "bot"):
        with pid_file(tmp_path, name, port=1) as path:
            assert path.name == f"{name}.pid"


def test_the_file_of_who_came_after_stays(tmp_path: Path) -> None:
    with pid_file(tmp_path, "bot", port=8000) as path:
        path.write_text(f"{os.getppid()}\n")
    assert path.exists()
