"""Pages about one's own account that django-allauth does not bring."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import invitations, services
from accounts.forms import FirstPasswordForm


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """The first password of an invited person. Looking uses nothing up and names nobody: mail scanners follow links (S-18)."""
    user = invitations.invited(who, token)
    form = FirstPasswordForm(user, request.POST or None) if user else None
    if user and form and form.is_valid():
        if services.choose_first_password(user, form.cleaned_data["new_password1"]):
            messages.success(
                request, "Votre mot de passe est enregistré. Connectez-vous avec votre adresse électronique."
            )
            return redirect("account_login")
        form = None
    status = 410 if form is None else 422 if form.is_bound else 200
    response = render(request, "account/invitation.html", {"form": form}, status=status)
    response["Referrer-Policy"] = "no-referrer"
    return response
