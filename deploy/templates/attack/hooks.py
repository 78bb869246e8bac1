# Loaded by schemathesis: bodies that it has no writer for are sent as the bytes that it makes up.
import schemathesis

schemathesis.serializer.alias(
    ["application/jsonl", "application/zstd"], "application/octet-stream"
)
