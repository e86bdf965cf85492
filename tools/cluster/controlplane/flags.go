package controlplane

import "fmt"

// loopback has a part listen on this machine alone.
const loopback = "--bind-address=127.0.0.1"

// services is the range of Services' addresses. Pods' are kwok's to give.
const services = "10.0.0.0/24"

func serverFlags(folder Folder, reached access, etcd string) []string {
	return []string{
		"--etcd-servers=" + etcd,
		loopback, "--advertise-address=127.0.0.1", fmt.Sprintf("--secure-port=%d", reached.port),
		"--tls-cert-file=" + folder.file("server.crt"), "--tls-private-key-file=" + folder.file("server.key"),
		"--cert-dir=" + folder.file("certificates"),
		"--token-auth-file=" + folder.file("tokens.csv"), "--authorization-mode=RBAC",
		"--service-cluster-ip-range=" + services,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + folder.file("service-accounts.key"),
		"--service-account-signing-key-file=" + folder.file("service-accounts.key"),
		"--allow-privileged=true",
		// Pods cannot reach this machine's own address, and so none is told.
		"--endpoint-reconciler-type=none",
		"--profiling=false",
		// How long pods stay on a node that is lost: five minutes on EKS.
		"--default-not-ready-toleration-seconds=5", "--default-unreachable-toleration-seconds=5",
	}
}

// managerFlags leave out what asks a cloud for machines and networks.
func managerFlags(folder Folder) []string {
	return []string{
		"--kubeconfig=" + folder.Kubeconfig(), "--leader-elect=false",
		loopback, "--secure-port=0",
		"--service-account-private-key-file=" + folder.file("service-accounts.key"),
		"--root-ca-file=" + folder.file("ca.crt"),
		"--use-service-account-credentials=false",
		// EKS waits for 40 seconds before it takes a silent node for lost.
		// Autoscalers look every 15 seconds on EKS.
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
