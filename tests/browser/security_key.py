"""A security key that nobody holds, for the pages that list and ask for one."""

from allauth.mfa.models import Authenticator
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

NOTHING = bytes(32)


def give_security_key(user, name: str) -> Authenticator:
    """Enrol a key called `name`, well-formed and of no use."""
    public_key = ES256({1: 2, 3: -7, -1: 1, -2: NOTHING, -3: NOTHING})
    held = AttestedCredentialData.create(Aaguid(bytes(16)), b"key", public_key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT
    attestation = AttestationObject.create("none", AuthenticatorData.create(NOTHING, flags, 1, held), {})
    client = CollectedClientData.create("webauthn.create", b"challenge", "http://localhost")
    credential = {
        "id": websafe_encode(b"key"),
        "rawId": websafe_encode(b"key"),
        "type": "public-key",
        "response": {"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(attestation)},
        "clientExtensionResults": {},
    }
    kind = Authenticator.Type.WEBAUTHN
    return Authenticator.objects.create(user=user, type=kind, data={"name": name, "credential": credential})
