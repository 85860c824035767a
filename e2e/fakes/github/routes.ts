import type { Route } from './route.ts'
import { actionsRoutes } from './routes/actions.ts'
import { checkRoutes } from './routes/checks.ts'
import { commentRoutes } from './routes/comments.ts'
import { issueRoutes } from './routes/issues.ts'
import { pullRoutes } from './routes/pulls.ts'
import { repositoryRoutes } from './routes/repositories.ts'
import { reviewRoutes } from './routes/reviews.ts'
import { statusRoutes } from './routes/statuses.ts'

/** The part of GitHub's REST API that mainloop uses. A request to any other operation is a violation. */
export const routes: readonly Route[] = [
  ...repositoryRoutes,
  ...pullRoutes,
  ...issueRoutes,
  ...commentRoutes,
  ...reviewRoutes,
  ...checkRoutes,
  ...statusRoutes,
  ...actionsRoutes,
]
