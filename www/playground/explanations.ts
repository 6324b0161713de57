// What each reason means to a human: what happened, where to look, which text decides, what to do.
//
// The type asks for every reason of the core: a new one does not compile until it has its words here.

import type { Reason } from "edgelatch";
import { CALLER } from "./explanations/caller.js";
import { REQUEST } from "./explanations/request.js";
import { TOKEN } from "./explanations/token.js";
import type { StageName } from "./stages.js";

export interface Explanation {
  /** Where the request ends. A few reasons have two places; `went.ts` finds out which. */
  stage: StageName;
  /** What happened, as a headline. */
  title: string;
  /** The header, claim or member of the policy that decided. */
  looksAt: string;
  /** The text that decides. */
  section: string;
  /** Why that is a reason to refuse. */
  why: string;
  /** What helps. */
  todo: string;
}

export const EXPLANATIONS: Record<Reason, Explanation> = { ...REQUEST, ...TOKEN, ...CALLER };
