# Exchanges the checkout for a link to what only the next stage may read.
mv /work/tree /work/was && ln -s /run/mainloop /work/tree
