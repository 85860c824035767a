# Replaces the checkout with a link to files that only the next stage may read.
mv /work/tree /work/was && ln -s /run/mainloop /work/tree
