package controlplane

import (
	"context"
	"fmt"
	"net/url"

	"go.etcd.io/etcd/server/v3/embed"
)

// startEtcd starts etcd and returns it with its address when it is ready.
func startEtcd(ctx context.Context, folder string) (*embed.Etcd, string, error) {
	ports, err := FreePorts(2)
	if err != nil {
		return nil, "", err
	}

	clients := url.URL{Scheme: "http", Host: "127.0.0.1:" + ports[0]}
	peers := url.URL{Scheme: "http", Host: "127.0.0.1:" + ports[1]}

	config := embed.NewConfig()
	config.Dir = folder
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{clients}, []url.URL{clients}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{peers}, []url.URL{peers}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.LogLevel = "error"
	config.UnsafeNoFsync = true // only a crash of the machine could lose data, and not one of the process

	started, err := embed.StartEtcd(config)
	if err != nil {
		return nil, "", fmt.Errorf("starting etcd: %w", err)
	}

	select {
	case <-started.Server.ReadyNotify():
		return started, clients.String(), nil
	case err := <-started.Err():
		return nil, "", fmt.Errorf("starting etcd: %w", err)
	case <-ctx.Done():
		started.Close()

		return nil, "", fmt.Errorf("waiting for etcd to be ready: %w", ctx.Err())
	}
}
