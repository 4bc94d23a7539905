"""Every limit on what somebody may do within a time, and on what one request may bring: here and nowhere else.

Each has a test in tests/test_limits.py that fails when it is gone. Lengths of texts are their fields' own.
"""

# Defaults of the settings API_READS_PER_MINUTE (per network) and API_WRITES_PER_MINUTE (per person, by the API and on
# pages together). Nobody who rates, votes and writes by hand comes near five writes a second; a script is held there.
READS_PER_MINUTE, WRITES_PER_MINUTE = 600, 300
# Forms that are sent without signing in, per network: a comment that waits for its author to sign in, an appeal or an
# end of letters by a link. Sign-in and registration have limits of their own, below.
STRANGERS_FORMS_PER_MINUTE = 60

# Per minute where a shared address (a whole mobile network) may stand behind it; per hour where mail is sent.
ACCOUNT_RATE_LIMITS = {
    "signup": "20/m/ip",
    # A school or a mobile network behind one address is not shut out; a script gets no further than 720 a day.
    "signup_by_question": "30/h/ip",
    "login": "30/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,5/h/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "confirm_email": "1/10s/key",
}

DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # bytes; a text far too long still comes back with its error
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
