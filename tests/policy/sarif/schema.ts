import Ajv from "ajv";
import schema from "./sarif-2.1.0-rtm.5.json";

/** What is wrong with a SARIF log by the schema of SARIF 2.1.0 (SOURCE.txt); nothing for a right one. */
export function sarifProblems(log: unknown): readonly string[] {
    const valid = validate(log);
    return valid ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

// The schema is of draft 04, which differs from what ajv 8 speaks in two things only: `id`, and boolean exclusive bounds, of which it has none.
const { id, $schema, ...rest } = schema;
const ajv = new Ajv({
    strict: false,
    allErrors: true,
    // One of its patterns has a bracket too many, which only a pattern without the flag u may have.
    unicodeRegExp: false,
    formats: {
        uri: (text: string) => URL.canParse(text),
        "uri-reference": (text: string) => URL.canParse(text, "https://example.com/"),
        "date-time": (text: string) => !Number.isNaN(Date.parse(text)),
    },
});
const validate = ajv.compile({ $id: id, ...rest });
