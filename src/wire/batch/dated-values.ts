/**
 * Values of properties that end on a date of their own, in every api-version: sizes, images and their node agents, low-priority nodes. Sources:
 * the retirement list and announcements of the public repository Azure/Batch (issues 140, 174, 179, 180, 188, 196, 197, 200) and Azure/EOL's
 * `service_list.json`.
 */

export interface DatedValue {
  readonly property: string;
  /** Of the value, in lower case: it is one of these; a star stands for any text. Absent: any but zero and empty. */
  readonly values?: readonly string[];
  readonly date: string;
  readonly what: string;
  readonly instead: string;
}

const sizes = (date: string, what: string, instead: string, names: string): DatedValue => ({
  property: "vmSize",
  values: names.split(/\s+/).map((name) => (name.startsWith("basic_") ? name : `standard_${name}`)),
  date,
  what,
  instead,
});

const ENDED = "the size has ended";
const ENDS = "the size ends";
const SUPPORTED = "an image that GET /supportedimages shows without batchSupportEndOfLife";

export const DATED_VALUES: readonly DatedValue[] = [
  {
    property: "targetLowPriorityNodes",
    date: "2026-03",
    what: "low-priority nodes are Spot nodes now",
    instead: "the same property: Spot nodes can be taken away at any time, and their price moves",
  },
  {
    property: "nodeAgentSKUId",
    values: [
      "batch.node.centos*",
      "batch.node.debian 8",
      "batch.node.debian 9",
      "batch.node.debian 10",
      "batch.node.ubuntu 14.04",
      "batch.node.ubuntu 16.04",
      "batch.node.ubuntu 18.04",
    ],
    date: "2024-12-31",
    what: "the node agent has ended",
    instead: SUPPORTED,
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.ubuntu 20.04"],
    date: "2025-04-23",
    what: "the node agent has ended",
    instead: "batch.node.ubuntu 24.04",
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.mariner 2.0"],
    date: "2025-07-30",
    what: "the node agent has ended",
    instead: "an image of Azure Linux 3",
  },
  {
    property: "nodeAgentSKUId",
    values: ["batch.node.ubuntu 22.04"],
    date: "2027-06-30",
    what: "the node agent ends",
    instead: "batch.node.ubuntu 24.04",
  },
  {
    property: "sku",
    values: ["2012-datacenter*", "2012-r2-datacenter*"],
    date: "2024-12-05",
    what: "images of Windows Server 2012 have ended",
    instead: SUPPORTED,
  },
  {
    property: "sku",
    values: ["2016-datacenter*"],
    date: "2027-01-12",
    what: "images of Windows Server 2016 end",
    instead: "an image of Windows Server 2022",
  },
  {
    property: "virtualMachineImageId",
    values: ["/subscriptions/*/providers/microsoft.compute/images/*"],
    date: "2026-03-31",
    what: "managed images have ended",
    instead: "an image of a Compute Gallery",
  },
  sizes("2024-08-31", ENDED, "a size of the Dsv5 series or newer", "basic_a* a0 a1 a2 a3 a4 a5 a6 a7"),
  sizes("2024-08-31", ENDED, "a size of the HBv3 series or newer", "hb60*"),
  sizes("2025-09-30", ENDED, "a size of the NCasT4_v3 or the NC A100 v4 series", "nc*s_v3"),
  sizes("2026-06-30", ENDED, "a size of the DCsv3 series or newer", "dc*s_v2 dc8_v2"),
  sizes("2026-09-30", ENDED, "NVadsA10 v5", "nv*_v3 nv*_v4"),
  sizes(
    "2026-05-15",
    "the end of the size was announced; its date is not known",
    "a size of a newer series",
    "hb120*_v2 hc44* np10s np20s np40s",
  ),
  sizes(
    "2028-05-01",
    ENDS,
    "a size of the Dsv5 series or newer",
    `d1 d2 d3 d4 d11 d12 d13 d14 ds1 ds2 ds3 ds4 ds11 ds12 ds13 ds14 d1_v2 d2_v2 d3_v2 d4_v2 d5_v2 d11_v2 d12_v2 d13_v2 d14_v2 d15_v2
     ds1_v2 ds2_v2 ds3_v2 ds4_v2 ds5_v2 ds11_v2 ds12_v2 ds13_v2 ds14_v2 ds15_v2 ds11-*_v2 ds12-*_v2 ds13-*_v2 ds14-*_v2 d*_v2_promo`,
  ),
  sizes("2028-05-01", ENDS, "a size of the Lsv3 series or newer", "l4s l8s l16s l32s"),
  sizes(
    "2028-11-15",
    ENDS,
    "a size of a newer series",
    `f1 f2 f4 f8 f16 f1s f2s f4s f8s f16s f*s_v2 l*s_v2 g1 g2 g3 g4 g5 gs1 gs2 gs3 gs4 gs5 gs4-* gs5-* a*_v2
     b1ls b1s b1ms b2s b2ms b4ms b8ms b12ms b16ms b20ms`,
  ),
];
