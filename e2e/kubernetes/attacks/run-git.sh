# Runs git in the planted checkout, as somebody would who does not know better.
git add README.md
git status > /dev/null
git -c user.name=x -c user.email=x@example.org commit -qm planted
git push origin HEAD:refs/heads/planted
git submodule update
true
