package controlplane

// loopback is the address that the parts listen on.
const loopback = "--bind-address=127.0.0.1"

// services is the address range of Services. kwok assigns the addresses of pods.
const services = "10.0.0.0/24"

func serverFlags(folder Folder, reached access, etcd string) []string {
	return []string{
		"--etcd-servers=" + etcd,
		loopback, "--advertise-address=127.0.0.1", "--secure-port=" + reached.port,
		"--tls-cert-file=" + folder.file("server.crt"), "--tls-private-key-file=" + folder.file("server.key"),
		"--cert-dir=" + folder.file("certificates"),
		"--token-auth-file=" + folder.file("tokens.csv"), "--authorization-mode=RBAC",
		"--service-cluster-ip-range=" + services,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + folder.file("server.key"),
		"--service-account-signing-key-file=" + folder.file("server.key"),
		"--allow-privileged=true",
		// Advertise no address, because there are no pods that could reach it.
		"--endpoint-reconciler-type=none",
		"--profiling=false",
		// The time that pods stay on an unreachable node: five minutes on EKS.
		"--default-not-ready-toleration-seconds=5", "--default-unreachable-toleration-seconds=5",
	}
}

// managerFlags disable the controllers that need a cloud.
func managerFlags(folder Folder) []string {
	return []string{
		"--kubeconfig=" + folder.Kubeconfig(), "--leader-elect=false",
		loopback, "--secure-port=0",
		"--service-account-private-key-file=" + folder.file("server.key"),
		"--root-ca-file=" + folder.file("server.crt"),
		"--use-service-account-credentials=false",
		// On EKS, a node is unreachable after 40 seconds without a heartbeat, and autoscalers run every 15 seconds.
		"--horizontal-pod-autoscaler-sync-period=2s",
		"--node-monitor-period=1s", "--node-monitor-grace-period=8s",
		"--controllers=*,-node-ipam-controller,-node-route-controller,-service-lb-controller," +
			"-cloud-node-lifecycle-controller",
	}
}

func schedulerFlags(folder Folder) []string {
	return []string{
		"--kubeconfig=" + folder.Kubeconfig(), "--leader-elect=false", loopback, "--secure-port=0",
	}
}
