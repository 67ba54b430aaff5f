"""Sign-in by e-mail and password, without Django's permission tables: roles decide, not permissions."""

from django.contrib.auth.backends import BaseBackend

from kumppani.accounts.models import User


class EmailBackend(BaseBackend):
    """Finds the user by address. An unknown address costs as much time as a wrong password."""

    def authenticate(self, request, email: str | None = None, password: str | None = None, **credentials):
        email = email or credentials.get("username")
        if not email or password is None:
            return None
        user = User.objects.filter(email=User.objects.normalize(email)).first()
        if user is None:
            User().set_password(password)
            return None
        return user if user.check_password(password) and user.is_active else None

    def get_user(self, user_id):
        return User.objects.filter(pk=user_id, is_active=True).first()
