/** An option of a mount that is not done here, or not right. The message names it. */
export class MountOptionsProblem extends Error {}
