import { expect, test } from "vitest";
import { mayConnectTo } from "./address-rules.ts";

const OWN = ["10.1.2.3", "2001:db8:0:0:0:0:0:7"];

test.each([
  "127.0.0.1",
  "127.255.255.254",
  "0.0.0.0",
  "169.254.169.254",
  "168.63.129.16",
  "224.0.0.1",
  "255.255.255.255",
  "10.1.2.3",
  "::",
  "::1",
  "fe80::1",
  "fe80::1%eth0",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "64:ff9b::a9fe:a9fe",
  "2002:7f00:1::",
  "fd00:ec2::254",
  "2001:db8::7",
  "ff02::1",
  "localhost",
  "",
])("%s is out of reach", (address) => expect(mayConnectTo(address, OWN)).toBe(false));

test.each(["20.60.1.1", "10.1.2.4", "2603:1030::1", "::ffff:20.60.1.1", "64:ff9b::143c:101", "2001:db8::8"])(
  "%s may be connected to",
  (address) => expect(mayConnectTo(address, OWN)).toBe(true),
);
