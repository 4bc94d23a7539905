"""Who may reach what: the status of every address outside the administration, for everybody.

A line is `address | reading | sending an empty form`. A cell is one status for all of PEOPLE, or one for each of them
in order: anonymous, participant, author, moderator, analyst, editor, administrator. The objects are the author's, the
participant is another one. The administration's table is docs/roles.md, held by tests/test_roles_pages.py.
"""

TABLE = """
 | 302 | 302
favicon.ico | 302 | 302
robots.txt | 200 | 405
.well-known/security.txt | 200 | 200
sitemap.xml | 200 | 405
healthz | 200 | 200
readyz | 200 | 200
api/v1/ | 200 | 405
api/v1/openapi.json | 200 | 405
api/v1/docs/ | 200 | 405
api/v1/programmes/ | 200 | 405
api/v1/programmes/{slug}/ | 200 | 405
api/v1/principles/ | 200 | 405
api/v1/principles/{slug}/ | 200 | 405
api/v1/ledger/checkpoint | 404 | 405
api/v1/ledger/consistency | 400 | 405
api/v1/ledger/entries | 200 | 405
api/v1/ledger/inclusion | 400 | 405
api/v1/ledger/key | 404 | 405
api/v1/ledger/keys | 200 | 405
api/v1/ledger/witnesses | 200 | 415
api/v1/measures/ | 200 | 405
api/v1/measures/{slug}/ | 200 | 405
api/v1/questions/ | 200 | 405
api/v1/targets/ | 200 | 405
api/v1/targets/{slug}/ | 404 | 405
api/v1/comments/ | 200 | 401 415 415 415 415 415 415
api/v1/comments/{id}/ | 200 | 405
api/v1/comments/{id}/vote/ | 405 | 401 415 415 415 415 415 415
api/v1/comments/{id}/report/ | 405 | 401 415 415 415 415 415 415
api/v1/comments/{id}/withdraw/ | 405 | 401 415 415 415 415 415 415
api/v1/ratings/{measure}/{question}/ | 405 | 405
api/v1/tallies/ | 200 | 405
api/v1/answers/ | 200 | 405
api/v1/answers/{code}/ | 200 | 405
api/v1/rules/ | 200 | 405
api/v1/rules/{code}/ | 200 | 405
api/v1/decisions/ | 200 | 405
api/v1/changes/ | 200 | 405
api/v1/dumps/ | 200 | 405
api/v1/dumps/latest/ | 404 | 405
api/v1/dumps/latest/{file} | 404 | 404
api/v1/dumps/{name}/ | 404 | 404
api/v1/dumps/{name}/{file} | 404 | 404
accounts/settings/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
accounts/2fa/totp/activate/ | 302 | 302
accounts/2fa/webauthn/add/ | 302 | 302
accounts/2fa/ | 302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
accounts/2fa/authenticate/ | 302 | 302
accounts/2fa/reauthenticate/ | 302 302 302 200 200 200 200 | 302 302 302 200 200 200 200
accounts/2fa/totp/deactivate/ | 302 404 404 302 302 302 302 | 302 404 404 302 302 302 302
accounts/2fa/recovery-codes/ | 302 404 404 404 404 404 404 | 302 405 405 405 405 405 405
accounts/2fa/recovery-codes/generate/ | 302 | 302
accounts/2fa/recovery-codes/download/ | 302 404 404 404 404 404 404 | 302 404 404 404 404 404 404
accounts/2fa/webauthn/ | 302 200 200 200 200 200 200 | 302 405 405 405 405 405 405
accounts/2fa/webauthn/reauthenticate/ | 302 | 302
accounts/2fa/webauthn/keys/{pk}/remove/ | 404 | 404
accounts/2fa/webauthn/keys/{pk}/edit/ | 404 | 404
accounts/login/ | 200 302 302 302 302 302 302 | 200 302 302 302 302 302 302
accounts/logout/ | 302 200 200 200 200 200 200 | 302
accounts/inactive/ | 200 | 405
accounts/signup/ | 200 302 302 302 302 302 302 | 200 302 302 302 302 302 302
accounts/reauthenticate/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
accounts/email/ | 302 200 200 200 200 200 200 | 302
accounts/confirm-email/ | 302 | 302
accounts/password/change/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
accounts/password/set/ | 302 | 302
accounts/password/reset/ | 200 | 200
accounts/login/code/confirm/ | 302 | 302
accounts/password/reset/confirm/ | 302 | 302
accounts/password/reset/complete/ | 302 | 302
accounts/password/reset/done/ | 200 | 405
accounts/login/code/ | 200 302 302 302 302 302 302 | 200 302 302 302 302 302 302
programmes/{slug}/ | 200 | 200
programmes/{slug}/feed/ | 200 | 405
programmes/{slug}/follow/ | 302 | 302
principles/{slug}/ | 200 | 200
measures/{slug}/ | 200 | 200
measures/{slug}/follow/ | 302 | 302
measures/{slug}/feed/ | 200 | 405
measures/{slug}/card.png | 200 | 405
measures/{slug}/answers/ | 200 | 200
answers/a{pk}/ | 200 | 200
measures/{slug}/editions/{number}/ | 200 | 200
measures/{slug}/ratings/{question}/ | 302 | 302 422 422 422 422 422 422
measures/{slug}/comments/ | 302 | 302 422 422 422 422 422 422
measures/{slug}/comments/{pk}/ | 200 | 200
measures/{slug}/comments/{pk}/versions/ | 200 | 200
measures/{slug}/comments/{pk}/reply/ | 302 | 302 422 422 422 422 422 422
measures/{slug}/comments/{pk}/edit/ | 302 403 200 403 403 403 403 | 302 403 200 403 403 403 403
measures/{slug}/comments/{pk}/withdraw/ | 302 403 200 403 403 403 403 | 302 403 302 403 403 403 403
measures/{slug}/comments/{pk}/report/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
measures/{slug}/comments/{pk}/vote/ | 302 | 302
search/ | 200 | 200
moderation/ | 200 | 405
moderation/log.csv | 200 | 405
moderation/figures.csv | 200 | 405
moderation/sanctions.csv | 200 | 405
ledger/ | 200 | 422
ledger/verify_consultation.py | 200 | 405
profile/receipts/ratings/{slug}/{question}/ | 302 404 200 404 404 404 404 | 302 404 200 404 404 404 404
profile/receipts/again/ | 302 200 200 200 200 200 200 | 302 422 422 422 422 422 422
profile/receipts/comments/{pk}/ | 302 404 200 404 404 404 404 | 302 404 200 404 404 404 404
paper/ | 200 | 405
profile/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
profile/delete/ | 302 | 302
profile/notices/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
profile/notices/read/ | 302 | 302
profile/tokens/ | 302 200 200 200 200 200 200 | 302 200 200 200 200 200 200
profile/tokens/{pk}/revoke/ | 302 405 405 405 405 405 405 | 302 404 302 404 404 404 404
profile/pace/ | 302 | 302
profile/decisions/{pk}/ | 302 404 200 404 404 404 404 | 302 404 422 404 404 404 404
profile/sanctions/{pk}/ | 302 404 200 404 404 404 404 | 302 404 422 404 404 404 404
appeals/{token}/ | 200 | 422
unsubscribe/{token}/ | 200 | 200
embed/measures/{slug}/ | 200 | 405
embed/measures/{slug}/badge.svg | 200 | 405
style/ | 302 302 302 200 200 200 200 | 302 302 302 200 200 200 200
about/ | 200 | 200
privacy/ | 200 | 200
accessibility/ | 200 | 200
results/ | 200 | 405
results/{slug}/ | 200 | 405
results/{slug}/{key}.{suffix} | 200 | 405
measures/{slug}/results/ | 200 | 405
measures/{slug}/results/{key}.{suffix} | 200 | 405
api/v1/breakdowns/ | 200 | 405
api/v1/weighted/ | 200 | 405
api/v1/participation/ | 200 | 405
api/v1/themes/ | 200 | 405
profile/data/ | 302 | 405
profile/data.json | 302 | 405
"""
