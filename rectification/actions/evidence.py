"""Pictures: made anew from their pixels on arrival, so that nothing hides in them, not even where they were taken."""

from __future__ import annotations

import hashlib
from datetime import datetime
from io import BytesIO
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from common.actions import record_audit
from common.ids import new_token
from rectification.actions.core import By, Move, Refused, begin, finish
from rectification.enums import Action, Evidence
from rectification.models import Attachment, Case

# A JPEG is decoded at the size it is kept in; the others take four bytes a pixel whole.
PIXELS_MAX = {"JPEG": 40_000_000, "PNG": 16_000_000, "WEBP": 16_000_000}
SIDE_MAX = 2560
QUALITY = 85
ORIENTATION = 0x0112
PICTURES_MAX = 12

# Evidence goes with an act, and whoever may do that act may add it.
ACT_OF = {
    Evidence.CITIZEN: Action.ADD_STATEMENT,
    Evidence.BEFORE: Action.SUBMIT_REPORT,
    Evidence.AFTER: Action.SUBMIT_REPORT,
}


def store_picture(
    case: Case,
    upload: IO[bytes],
    *,
    kind: Evidence,
    by: By,
    at: datetime,
    note: str = "",
) -> Attachment:
    """Keeps a picture with a case, re-encoded as JPEG without any metadata and named by us.

    The unit's evidence is stored before its report and handed to `submit_report`, which binds it.

    Args:
        upload: the file as it came; its size in bytes is the form's business.
        note: what the evaluator wrote with it; becomes part of history.

    Raises:
        Refused: it is no picture we take, has too many pixels, or the case has enough pictures of this kind.
        NotAllowed: whoever sends it may not add evidence now.
    """
    picture, width, height = clean_picture(upload)
    with transaction.atomic():
        move = begin(ACT_OF[kind], case, by=by, at=at)
        if move.case.attachments.filter(kind=kind).count() >= PICTURES_MAX:
            raise Refused(_("照片已经够多了,最多 %(count)d 张。") % {"count": PICTURES_MAX})
        attachment = Attachment(case=move.case, kind=kind, by=move.staff_or_none, at=at)
        attachment.sha256 = hashlib.sha256(picture).hexdigest()
        attachment.width, attachment.height = width, height
        attachment.file.save(f"{new_token()}.jpg", ContentFile(picture), save=False)
        try:
            attachment.save()
            _tell_history(move, attachment, note)
        except BaseException:
            attachment.file.delete(save=False)
            raise
    return attachment


def _tell_history(move: Move, attachment: Attachment, note: str) -> None:
    """The evaluator's picture is an act of its own; the unit's goes with its report and is only audited."""
    facts = {"picture": attachment.sha256, "kind": attachment.kind}
    if attachment.kind == Evidence.CITIZEN:
        finish(move, note=note, data=facts)
        return
    record_audit("case.add_evidence", ("case", move.case.number), by=move.actor, at=move.at, after=facts)


def clean_picture(upload: IO[bytes]) -> tuple[bytes, int, int]:
    """A picture made anew from its pixels: upright, at most 2560 px a side, on white where it was transparent.

    Returns:
        The JPEG file, its width and height in pixels.

    Raises:
        Refused: with what to do instead.
    """
    try:
        with Image.open(upload, formats=tuple(PIXELS_MAX)) as image:
            if image.width * image.height > (most := PIXELS_MAX[str(image.format)]):
                raise Refused(_("照片太大了,请用 %(count)d 万像素以内的照片。") % {"count": most // 10_000})
            image.draft("RGB", (SIDE_MAX, SIDE_MAX))
            small = _shrunk(_on_white(image))
            small.getexif()[ORIENTATION] = image.getexif().get(ORIENTATION, 1)
            upright = ImageOps.exif_transpose(small)
    except Refused:
        raise
    except Exception as error:  # the decoders raise whatever a broken file makes them stumble over
        raise Refused(_("这个文件不是可用的照片。请用 JPG、PNG 或 WebP 格式。")) from error
    upright.info.clear()  # comments and profiles come along otherwise, and are written out again
    out = BytesIO()
    upright.save(out, "JPEG", quality=QUALITY, optimize=True)
    return out.getvalue(), upright.width, upright.height


def _on_white(image: Image.Image) -> Image.Image:
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image if image.mode == "RGB" else image.convert("RGB")
    seen = image if image.mode == "RGBA" else image.convert("RGBA")
    seen.paste("white", mask=ImageOps.invert(seen.getchannel("A")))
    return seen


def _shrunk(image: Image.Image) -> Image.Image:
    """At most `SIDE_MAX` a side; colour by colour, since a second copy of 40 million pixels would be 160 MB."""
    scale = min(1.0, SIDE_MAX / max(image.size))
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return Image.merge("RGB", [image.getchannel(colour).resize(size, reducing_gap=2.0) for colour in "RGB"])
