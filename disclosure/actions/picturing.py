"""整改前后的照片: copies of evidence that somebody has chosen, there for as long as the words are."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction

from common.ids import new_token
from disclosure.models import PublicCase, PublicPicture
from disclosure.queries.material import pictures_of
from rectification.models import Attachment, Case


def show_pictures(public: PublicCase, case: Case, chosen: Collection[int]) -> list[str]:
    """Shows these pieces of evidence and no others; none of a case that shows no words.

    Args:
        chosen: keys of `Attachment`, of the report the evaluator has read; others are left out.

    Returns:
        The fingerprints of what is shown now, for history.
    """
    hide_pictures(public)
    if not public.shown or public.hidden:
        return []
    found = [picture for picture in pictures_of(case) if picture.pk in chosen]
    for picture in found:
        _copy(public, picture)
    return [picture.sha256 for picture in found]


def _copy(public: PublicCase, picture: Attachment) -> None:
    copy = PublicPicture(case=public, kind=picture.kind, width=picture.width, height=picture.height)
    with picture.file.open() as file:
        copy.file.save(f"{new_token()}.jpg", ContentFile(file.read()), save=False)
    copy.save()


def hide_pictures(public: PublicCase) -> None:
    """Takes every picture of a case away, the files as soon as that is certain."""
    files = [(picture.file.storage, str(picture.file.name)) for picture in public.pictures.all()]
    public.pictures.all().delete()
    for storage, name in files:
        transaction.on_commit(partial(storage.delete, name))
