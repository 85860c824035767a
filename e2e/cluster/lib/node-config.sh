# The configuration files of the node's components, which write_configs writes anew at every start.

write_configs() {
  mkdir -p "$RUN/config/cni" "$RUN/kubelet/volume-plugins"

  # restrict_oom_score_adj: without CAP_SYS_RESOURCE a score cannot be lowered, and every pod would fail for it.
  cat >"$RUN/config/containerd.toml" <<END
version = 2
root = "$RUN/containerd"
state = "/run/containerd"
oom_score = 0
disabled_plugins = ["io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper", "io.containerd.snapshotter.v1.zfs"]
[plugins."io.containerd.internal.v1.opt"]
  path = "/run/containerd/opt"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:1"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "$RUN/config/cni"
END

  # The leases live in /run: after a stop no pod holds an address.
  cat >"$RUN/config/cni/10-pods.conflist" <<END
{
  "cniVersion": "0.4.0",
  "name": "pods",
  "plugins": [
    {
      "type": "bridge", "bridge": "cni0", "isGateway": true, "ipMasq": true, "hairpinMode": true,
      "ipam": {
        "type": "host-local", "dataDir": "/run/cni-leases",
        "ranges": [[{"subnet": "$POD_CIDR"}]], "routes": [{"dst": "0.0.0.0/0"}]
      }
    },
    {"type": "portmap", "capabilities": {"portMappings": true}}
  ]
}
END

  # Checking each second (not each 10) makes the node Ready sooner; reports to the API server stay as rare as usual.
  # No DNS: a name server address that refuses makes a look-up fail at once instead of timing out.
  # No image collection: a loaded image cannot be pulled again. Little eviction: the disk is the machine's, often full.
  echo 'nameserver 127.0.0.1' >"$RUN/config/resolv.conf"
  cat >"$RUN/config/kubelet.yaml" <<END
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
authentication:
  anonymous: {enabled: false}
  webhook: {enabled: true}
  x509: {clientCAFile: $PKI/ca.crt}
authorization: {mode: Webhook}
tlsCertFile: $PKI/kubelet.crt
tlsPrivateKeyFile: $PKI/kubelet.key
cgroupDriver: cgroupfs
failSwapOn: false
nodeStatusUpdateFrequency: 1s
nodeStatusReportFrequency: 5m
clusterDNS: [127.0.0.1]
clusterDomain: cluster.local
resolvConf: $RUN/config/resolv.conf
volumePluginDir: $RUN/kubelet/volume-plugins
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 100Mi, nodefs.available: 1%, imagefs.available: 1%}
serializeImagePulls: false
volumeStatsAggPeriod: 2s          # a pod that fills its volume is noticed soon, not after a minute
END
}
