"""The forms of signing in, in our words: allauth checks, we ask."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from common.forms import InstructionsMixin
from organizations import actions

CODE_ATTRIBUTES = {"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}


def _ask(form: forms.BaseForm, **labels: Any) -> None:
    """Gives fields our labels; placeholders vanish while one types, so there are none."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label, field.help_text = label, ""
        field.widget.attrs.pop("placeholder", None)


class LoginForm(account.LoginForm, InstructionsMixin):
    mark_optional = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, login=_("工号"), password=_("密码"))


class ReauthenticateForm(account.ReauthenticateForm, InstructionsMixin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, password=_("密码"))


class ChangePasswordForm(account.ChangePasswordForm, InstructionsMixin):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, oldpassword=_("现在的密码"), password1=_("新密码"), password2=_("再输一次新密码"))
        self.fields["password1"].help_text = lazystr(" ".join(password_validation.password_validators_help_texts()))

    def clean_password1(self) -> str:
        """A change that changes nothing is none."""
        password: str = self.cleaned_data["password1"]
        if self.user.check_password(password):
            raise ValidationError(_("新密码不能和现在的一样。"))
        return password


class CodeMixin:
    """Asks for the six digits of the telephone and tells the trail of wrong ones."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _ask(self, code=_("验证码"))  # type: ignore[arg-type]  # the form's
        self.fields["code"].widget.attrs |= CODE_ATTRIBUTES  # type: ignore[attr-defined]  # the form's

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # the form's
        except ValidationError:
            actions.record_refusal(self.user.username, reason="code")  # type: ignore[attr-defined]  # the form's
            raise
        return code


class AuthenticateForm(CodeMixin, mfa.AuthenticateForm, InstructionsMixin):
    """At sign-in; takes a recovery code too."""


class ReauthenticateCodeForm(CodeMixin, mfa.ReauthenticateForm, InstructionsMixin):
    """Before something delicate."""


class ActivateForm(CodeMixin, ActivateTOTPForm, InstructionsMixin):
    """Shows that the telephone has understood the secret."""
