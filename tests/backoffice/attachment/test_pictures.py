from __future__ import annotations

import ctypes
import io
import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from backoffice.attachment import pictures, recode
from backoffice.attachment.pictures import PicturesBusy, PictureTooLarge, PictureUnreadable, draw_anew
from tests.backoffice.attachment.samples import (
    CANARY,
    SCRIPT,
    archive,
    photo_with_position,
    picture,
    picture_that_claims,
)


def opened(content: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(content))
    image.load()
    return image


@pytest.mark.parametrize(
    ("image_format", "kept_as"),
    [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/png"), ("WEBP", "image/jpeg")],
)
def test_a_picture_is_drawn_anew_with_its_preview(image_format: str, kept_as: str) -> None:
    drawn = draw_anew(picture(image_format, size=(1300, 650)), f"image/{image_format.lower()}")
    assert (drawn.media_type, drawn.width, drawn.height) == (kept_as, 1300, 650)
    assert opened(drawn.full).size == (1300, 650)
    assert opened(drawn.preview).size == (640, 320)
    assert opened(drawn.preview).format == "JPEG"


def test_position_camera_comment_and_profile_are_gone_and_the_picture_stands_upright() -> None:
    sent = photo_with_position()
    assert opened(sent).getexif().get_ifd(0x8825)
    assert sent.count(CANARY) == 4
    drawn = draw_anew(sent, "image/jpeg")
    for content in (drawn.full, drawn.preview):
        assert not opened(content).getexif()
        assert {"icc_profile", "comment", "xmp", "exif"}.isdisjoint(opened(content).info)
        assert CANARY not in content
        assert opened(content).size == (40, 60)


@pytest.mark.parametrize("image_format", ["JPEG", "PNG", "GIF", "WEBP"])
def test_what_stands_behind_or_within_a_picture_is_gone(image_format: str) -> None:
    sent = picture(image_format) + SCRIPT + archive({"evil.html": SCRIPT})
    drawn = draw_anew(sent, f"image/{image_format.lower()}")
    assert SCRIPT not in drawn.full + drawn.preview
    assert b"PK\x05\x06" not in drawn.full + drawn.preview


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGBA", "LA", "I;16"])
def test_every_mode_of_a_png_is_drawn(mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (30, 20)).save(written, "PNG")
    drawn = draw_anew(written.getvalue(), "image/png")
    assert opened(drawn.full).size == (30, 20)


def test_a_print_s_four_colours_become_three() -> None:
    written = io.BytesIO()
    Image.new("CMYK", (30, 20), (0, 255, 255, 0)).save(written, "JPEG")
    drawn = opened(draw_anew(written.getvalue(), "image/jpeg").full).convert("RGB")
    red, green, blue = drawn.tobytes()[:3]
    assert red > 200 > 60 > max(green, blue)


@pytest.mark.parametrize("size", [(50_000, 50_000), (10_000, 5_001)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_head(size: tuple[int, int]) -> None:
    with pytest.raises(PictureTooLarge):
        draw_anew(picture_that_claims(*size), "image/png")


def test_a_gif_whose_frame_is_larger_than_it_says_is_refused() -> None:
    small = bytearray(picture("GIF", size=(8, 8)))
    frame = small.index(b"\x2c", 13 + 3 * 2 ** ((small[10] & 7) + 1))
    small[frame + 5 : frame + 9] = b"\xff\xff\xff\xff"
    with pytest.raises((PictureTooLarge, PictureUnreadable)):
        draw_anew(bytes(small), "image/gif")


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b"\xff\xd8\xff\xe0" + b"x" * 50, "image/jpeg"),
        (picture("JPEG")[:-200], "image/jpeg"),
        (picture("PNG")[:60], "image/png"),
        (picture("PNG"), "image/jpeg"),
        (b"GIF89a/*" + SCRIPT + b"*/=1", "image/gif"),
        (picture_that_claims(4000, 4000), "image/png"),
    ],
)
def test_what_is_no_such_picture_is_refused(content: bytes, media_type: str) -> None:
    with pytest.raises(PictureUnreadable):
        draw_anew(content, media_type)


def test_a_process_that_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    endless = tmp_path / "endless.py"
    endless.write_text("import sys, time\nsys.stdin.buffer.read()\ntime.sleep(60)\n")
    monkeypatch.setattr(pictures, "_SCRIPT", endless)
    monkeypatch.setattr(pictures, "SECONDS", 0.3)
    with pytest.raises(PictureTooLarge):
        draw_anew(picture(), "image/jpeg")


def test_a_picture_that_gets_no_turn_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "WAIT_SECONDS", 0.05)
    for _ in range(pictures.AT_ONCE):
        assert pictures._turns.acquire(blocking=False)
    try:
        with pytest.raises(PicturesBusy):
            draw_anew(picture(), "image/jpeg")
    finally:
        for _ in range(pictures.AT_ONCE):
            pictures._turns.release()
    assert draw_anew(picture(), "image/jpeg").width == 60


def test_the_process_knows_no_secret_and_its_limits_hold(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SPORTELLO_SECRET_KEY", "must not be seen")
    script = tmp_path / "look.py"
    recode_path = Path(recode.__file__)
    script.write_text(
        "import importlib.util, json, os, resource, sys\n"
        f"spec = importlib.util.spec_from_file_location('recode', {str(recode_path)!r})\n"
        "recode = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(recode)\n"
        "sys.stdin.buffer.read()\n"
        "recode.confine()\n"
        "try:\n    bytearray(recode.MEMORY_BYTES)\n    memory = 'free'\n"
        "except MemoryError:\n    memory = 'bounded'\n"
        "said = [sorted(os.environ), memory, resource.getrlimit(resource.RLIMIT_CPU)[0]]\n"
        "print(json.dumps(said))\n"
    )
    monkeypatch.setattr(pictures, "_SCRIPT", script)
    names, memory, cpu_seconds = json.loads(pictures._run(b"", "JPEG"))
    assert not [name for name in names if name.startswith("SPORTELLO")]
    assert (memory, cpu_seconds) == ("bounded", recode.CPU_SECONDS)


def test_attack_42_the_process_reaches_no_file_no_other_process_and_no_network(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    version = landlock_version()
    if version == 0:
        pytest.skip("this kernel has no Landlock: the process has its other limits alone")
    secret, peer = tmp_path / "secret_key", socket.create_server(("127.0.0.1", 0))
    secret.write_text("must not be seen")
    script = tmp_path / "look.py"
    script.write_text(
        "import importlib.util, json, os, resource, signal, socket, subprocess, sys\n"
        f"spec = importlib.util.spec_from_file_location('recode', {recode.__file__!r})\n"
        "recode = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(recode)\n"
        "sys.stdin.buffer.read()\n"
        "recode.confine()\n"
        "def refused(call, *arguments):\n"
        "    try:\n        call(*arguments)\n"
        "    except OSError as error:\n        return type(error).__name__\n"
        "    return 'done'\n"
        "print(json.dumps({\n"
        f"    'secret': refused(open, {str(secret)!r}),\n"
        "    'parent': refused(open, f'/proc/{os.getppid()}/environ', 'rb'),\n"
        "    'folder': refused(os.listdir, '/'),\n"
        f"    'delete': refused(os.unlink, {str(secret)!r}),\n"
        "    'program': refused(os.execv, '/bin/true', ['true']),\n"
        "    'signal': refused(os.kill, os.getppid(), 0),\n"
        f"    'network': refused(socket.create_connection, {peer.getsockname()!r}, 2),\n"
        "    'processes': resource.getrlimit(resource.RLIMIT_NPROC)[0],\n"
        "}))\n"
    )
    monkeypatch.setattr(pictures, "_SCRIPT", script)
    said = json.loads(pictures._run(b"", "JPEG"))
    peer.close()
    assert said.pop("processes") == 0
    if version < 6:
        del said["signal"]
    if version < 4:
        del said["network"]
    assert set(said.values()) == {"PermissionError"}, (version, said)


def landlock_version() -> int:
    """Return what this kernel can; 0 where it has no Landlock."""
    return max(int(ctypes.CDLL(None).syscall(444, None, 0, 1)), 0)


def test_the_script_stands_alone() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-I",
            "-c",
            f"import runpy, sys; runpy.run_path({recode.__file__!r}); print(*sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "backoffice" not in loaded.stdout
