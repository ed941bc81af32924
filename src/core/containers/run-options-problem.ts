/** An option of a container that is not done here, or not right. The message names it. */
export class RunOptionsProblem extends Error {}
