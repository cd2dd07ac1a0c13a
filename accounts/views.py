"""Pages about one's own account that django-allauth does not bring."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from accounts import invitations, services
from accounts.forms import FirstPasswordForm

LINK = "invitation"
"""Where the session keeps the link that was followed, so that the form's address holds no secret."""


@login_not_required
@require_safe
@never_cache
def invitation(request: HttpRequest, who: str, token: str) -> HttpResponse:
    """The link of an invitation: on to the form, or dead. Looking uses nothing up: mail scanners follow links (S-18)."""
    if invitations.invited(who, token) is None:
        response = render(request, "account/invitation.html", {"form": None}, status=410)
    else:
        request.session[LINK] = [who, token]
        response = redirect("accounts:invitation_password")
    response["Referrer-Policy"] = "no-referrer"
    return response


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def invitation_password(request: HttpRequest) -> HttpResponse:
    """The first password of the person whose link this session followed; the page names nobody."""
    user = invitations.invited(*request.session.get(LINK, ("", "")))
    form = FirstPasswordForm(user, request.POST or None) if user else None
    if user and form and form.is_valid():
        if services.choose_first_password(user, form.cleaned_data["new_password1"]):
            del request.session[LINK]
            messages.success(
                request, "Votre mot de passe est enregistré. Connectez-vous avec votre adresse électronique."
            )
            return redirect("account_login")
        form = None
    status = 410 if form is None else 422 if form.is_bound else 200
    return render(request, "account/invitation.html", {"form": form}, status=status)
