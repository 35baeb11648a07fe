import { createRequire } from "node:module";
import type { BinaryReader } from "google-protobuf";
import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb";

type Content = Record<string, JavaScriptValue>;
type StructClass = Pick<typeof Struct, "deserializeBinaryFromReader" | "fromJavaScript" | "prototype">;

/** The generated class of google.protobuf.Struct that the messages of @pulumi/pulumi are made with. */
export function structOfMessages(): StructClass {
    const messages = createRequire(require.resolve("@pulumi/pulumi/proto/analyzer_pb"));
    return messages("google-protobuf/google/protobuf/struct_pb").Struct;
}

/**
 * Let properties be read from the wire straight into what `toJavaScript` gives. The generated code of google-protobuf 3.21.4 makes a
 * message, a map entry and a wrapper of every value first and converts them then: ten times the work. Whoever asks for the fields as
 * messages still gets them.
 */
export function readPlainStructs(struct: StructClass): void {
    const { getFieldsMap, toJavaScript } = struct.prototype;
    const contents = new WeakMap<Struct, Content>();
    struct.deserializeBinaryFromReader = (message, reader) => {
        const content: Content = {};
        readStruct(content, reader);
        contents.set(message, content);
        return message;
    };
    struct.prototype.toJavaScript = function () {
        return contents.get(this) ?? toJavaScript.call(this);
    };
    struct.prototype.getFieldsMap = function (...lazily) {
        const content = contents.get(this);
        contents.delete(this);
        if (content) {
            const fields = getFieldsMap.call(this);
            getFieldsMap.call(struct.fromJavaScript(content)).forEach((value, key) => void fields.set(key, value));
        }
        return getFieldsMap.apply(this, lazily);
    };
}

// What follows reads the messages of google/protobuf/struct.proto, by the numbers of their fields.

/** A place for a value; undefined until one was read. */
interface Holder {
    value?: JavaScriptValue;
}

function readStruct(content: Content, reader: BinaryReader): void {
    while (reader.nextField()) reader.readMessage(content, readEntry);
}

function readEntry(content: Content, reader: BinaryReader): void {
    const holder: Holder = {};
    let key = "";
    while (reader.nextField()) {
        if (reader.getFieldNumber() === 1) key = reader.readString();
        else reader.readMessage(holder, readValue);
    }
    content[key] = contentOf(holder);
}

function readItems(list: Holder, reader: BinaryReader): void {
    const items: JavaScriptValue[] = [];
    list.value = items;
    while (reader.nextField()) {
        const holder: Holder = {};
        reader.readMessage(holder, readValue);
        items.push(contentOf(holder));
    }
}

function readMapping(mapping: Holder, reader: BinaryReader): void {
    const content: Content = {};
    mapping.value = content;
    readStruct(content, reader);
}

function readValue(holder: Holder, reader: BinaryReader): void {
    while (reader.nextField()) {
        const kind = reader.getFieldNumber();
        if (kind === 2) holder.value = reader.readDouble();
        else if (kind === 3) holder.value = reader.readString();
        else if (kind === 4) holder.value = reader.readBool();
        else if (kind === 5) reader.readMessage(holder, readMapping);
        else if (kind === 6) reader.readMessage(holder, readItems);
        else {
            reader.skipField();
            if (kind === 1) holder.value = null;
        }
    }
}

function contentOf({ value }: Holder): JavaScriptValue {
    if (value === undefined) throw new Error("a property has a value of no kind");
    return value;
}
