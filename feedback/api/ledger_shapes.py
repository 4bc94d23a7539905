"""The shapes of what the API answers about the ledger."""

from feedback.api.schemata import INT, STRING, TIME, null_or, one_of, record, said

HEX = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
BASE64 = {"type": "string", "contentEncoding": "base64"}
HASHES = {"type": "array", "items": HEX}
ALGORITHM = one_of(["Ed25519"])

LEDGER_SCHEMAS = {
    "LedgerCheckpoint": {
        "description": "A C2SP tlog-checkpoint: the log's name, its size, its root, and signatures over these."
    },
    "LedgerKey": record(
        "The key that signs checkpoints.",
        name=said(STRING, "The ledger's name, and the key's."),
        algorithm=ALGORITHM,
        public_key=said(BASE64, "32 bytes."),
    ),
    "LedgerKeys": record(
        "Every key, oldest first.",
        results={
            "type": "array",
            "items": record(
                "One key.",
                role=one_of(["log", "receipts"], "What it signs."),
                algorithm=ALGORITHM,
                public_key=BASE64,
                seq=said(null_or(INT), "The entry that names it; null for the first one of checkpoints."),
            ),
        },
    ),
    "LedgerEntries": record(
        "Leaves in order.",
        entries={
            "type": "array",
            "items": record(
                "One leaf.",
                index=said(INT, "seq - 1."),
                leaf=said({"type": "object"}, "Its fields; docs/ledger.md has those of each kind."),
                leaf_hash=said(HEX, "SHA-256 of 0x00 and the leaf as RFC 8785 JSON."),
            ),
        },
    ),
    "Receipt": record(
        "The promise that what was written will be in the ledger; docs/ledger.md says how to check it.",
        v=INT,
        kind=one_of(["comment", "rating"]),
        log=said(STRING, "The ledger's name."),
        leaf=said({"type": "object"}, "The entry; that of a rating has no hour yet."),
        issued=TIME,
        promise={"type": "object"},
        key=said(BASE64, "Of receipts; the ledger names it."),
        signature=BASE64,
        opening=said({"type": "object"}, "What opens a comment's commitment; not signed."),
    )
    | {"required": ["v", "kind", "log", "leaf", "issued", "promise", "key", "signature"]},
    "LedgerWitnesses": record(
        "Independent parties that cosign checkpoints.",
        results={
            "type": "array",
            "items": record(
                "One witness.",
                name=STRING,
                public_key=BASE64,
                size=said(null_or(INT), "Of the last checkpoint that it cosigned."),
                signed=null_or(TIME),
                checkpoint=said(
                    null_or(STRING), "That checkpoint with the cosignature's line (C2SP tlog-cosignature)."
                ),
            ),
        },
    ),
    "CosignedCheckpoint": record("A cosigned checkpoint.", checkpoint=STRING) | {"required": ["checkpoint"]},
    "LedgerInclusion": record("A proof of inclusion (RFC 9162, 2.1.3).", index=INT, tree_size=INT, hashes=HASHES),
    "LedgerConsistency": record("A proof of consistency (RFC 9162, 2.1.4).", first=INT, second=INT, hashes=HASHES),
}
