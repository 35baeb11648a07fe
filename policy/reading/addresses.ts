import { BlockList, isIP } from "node:net";
import { widestPrefixes } from "../facts/networks";

/** A block of addresses, `10.0.0.0/8`. */
interface Block {
    readonly address: string;
    readonly prefix: number;
    readonly family: "ipv4" | "ipv6";
}

/** Undefined for what is no block of addresses. */
function blockOf(cidr: string): Block | undefined {
    const [address = "", length = "", ...rest] = cidr.split("/");
    const version = isIP(address);
    const prefix = /^\d+$/.test(length) ? Number(length) : -1;
    if (version === 0 || rest.length > 0 || prefix < 0 || prefix > (version === 4 ? 32 : 128)) return undefined;
    return { address, prefix, family: version === 4 ? "ipv4" : "ipv6" };
}

/** Whether a block holds an address; never where one of them is none, or they are of two families. */
export function holdsAddress(cidr: string, address: string): boolean {
    const block = blockOf(cidr);
    if (!block || isIP(address) !== (block.family === "ipv4" ? 4 : 6)) return false;
    const list = new BlockList();
    list.addSubnet(block.address, block.prefix, block.family);
    return list.check(address, block.family);
}

/** Whether a block is so wide that it cannot mean any network of one's own. */
export function isTooWide(cidr: string): boolean {
    const block = blockOf(cidr);
    return block !== undefined && block.prefix < widestPrefixes[block.family];
}
