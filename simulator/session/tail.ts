import * as fs from "node:fs";

/** Hands on the whole lines that are added to a file, also while another process still writes it. */
export class LineTail {
    #position = 0;
    #rest: Uint8Array = new Uint8Array();

    constructor(
        private readonly file: string,
        private readonly line: (text: string) => void,
    ) {}

    /** Reads what came since the last call; a file that is not there yet has nothing. */
    read(): void {
        if (!fs.existsSync(this.file)) return;
        const handle = fs.openSync(this.file, "r");
        try {
            const added = Buffer.alloc(Math.max(0, fs.fstatSync(handle).size - this.#position));
            const count = fs.readSync(handle, added, 0, added.length, this.#position);
            this.#position += count;
            this.#take(Buffer.concat([this.#rest, added.subarray(0, count)]));
        } finally {
            fs.closeSync(handle);
        }
    }

    #take(bytes: Buffer): void {
        const end = bytes.lastIndexOf("\n") + 1;
        this.#rest = bytes.subarray(end);
        for (const text of bytes.subarray(0, end).toString("utf8").split("\n")) if (text !== "") this.line(text);
    }
}
