# Runs git in the planted checkout, as an unsuspecting person would.
git add README.md
git status > /dev/null
git -c user.name=x -c user.email=x@example.org commit -qm planted
git push origin HEAD:refs/heads/planted
git submodule update
true
