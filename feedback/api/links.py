"""Where an answer leads: OpenAPI links from what one operation answers to what another one asks for."""

ON_A_COMMENT = {
    "comment": "get_comments_id",
    "edit": "edit_comments_id",
    "vote": "post_comments_id_vote",
    "report": "post_comments_id_report",
    "withdraw": "post_comments_id_withdraw",
}

# From an operation: the place in its answer (a JSON Pointer), and by the link's name the operation and the parameter
# that takes it.
LINKS: dict[str, list[tuple[str, dict[str, tuple[str, str]]]]] = {
    "post_comments": [("/id", {name: (operation, "id") for name, operation in ON_A_COMMENT.items()})],
    "get_comments": [
        ("/results/0/id", {name: (operation, "id") for name, operation in ON_A_COMMENT.items()}),
        ("/results/0/measure", {"measure": ("get_measures_slug", "slug"), "tallies": ("get_tallies", "measure")}),
    ],
    "get_programmes": [
        (
            "/results/0/slug",
            {"programme": ("get_programmes_slug", "slug"), "principles": ("get_principles", "programme")},
        )
    ],
    "get_principles": [
        ("/results/0/slug", {"principle": ("get_principles_slug", "slug"), "measures": ("get_measures", "principle")})
    ],
    "get_measures": [
        (
            "/results/0/slug",
            {
                "measure": ("get_measures_slug", "slug"),
                "comments": ("get_comments", "measure"),
                "tallies": ("get_tallies", "measure"),
                "rate": ("put_ratings_measure_question", "measure"),
            },
        )
    ],
    "get_tallies": [("/results/0/question", {"rate": ("put_ratings_measure_question", "question")})],
    "get_targets": [("/results/0/slug", {"target": ("get_targets_slug", "slug")})],
    "get_answers": [("/results/0/code", {"answer": ("get_answers_code", "code")})],
    "get_rules": [("/results/0/code", {"rule": ("get_rules_code", "code")})],
    "get_dumps": [("/results/0/name", {"dump": ("get_dumps_name", "name")})],
    "get_decisions": [("/results/0/comment", {"comment": ("get_comments_id", "id")})],
    "get_changes": [("/next_after", {"further": ("get_changes", "after")})],
}


def links_from(operation: str) -> dict[str, dict]:
    """The link objects (OpenAPI 3.1, 4.8.20) of the good answer of `operation`; none for most."""
    return {
        name: {"operationId": leads_to, "parameters": {parameter: f"$response.body#{place}"}}
        for place, links in LINKS.get(operation, [])
        for name, (leads_to, parameter) in links.items()
    }
