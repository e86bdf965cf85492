package chart_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/msur/platform/apps/dev/chart"
	"github.com/msur/platform/apps/dev/stores"
)

const (
	definition = "chart/Chart.yaml"
	told       = "chart/ci/sandbox.yaml"
)

// folder is one with a service, whose files are given by their paths below it.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()

	apps := t.TempDir()

	for path, text := range files {
		path = filepath.Join(apps, "shop", path)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o750))
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	}

	return apps
}

func TestWhatServicesNeed(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		told     string
		needs    []string
		database string
	}{
		"nothing": {told: "platform: {path: /shop}"},
		"MySQL":   {told: "platform: {mysql: {database: shop}}", needs: []string{"mysql"}, database: "shop"},
		"Redis":   {told: "platform: {redis: {port: 6379}}", needs: []string{"redis"}},
		"both": {
			told:  "platform: {redis: {port: 6379}, mysql: {database: shop}}",
			needs: []string{"mysql", "redis"}, database: "shop",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			found, err := chart.Services(folder(t, map[string]string{definition: "", told: test.told}))
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, "shop", found[0].Name)
			assert.Equal(t, test.needs, found[0].Needs)
			assert.Equal(t, test.database, found[0].Database)
		})
	}
}

func TestWhatCannotBeReadIsNamed(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		files map[string]string
		wants string
	}{
		"no service":     {wants: "found no */chart/Chart.yaml in "},
		"nothing told":   {files: map[string]string{definition: ""}, wants: told},
		"told something": {files: map[string]string{definition: "", told: ":"}, wants: told},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := chart.Services(folder(t, test.files))
			require.ErrorContains(t, err, test.wants)
		})
	}

	found, err := chart.Services(folder(t, map[string]string{
		definition: "apiVersion: v2\nname: shop\nversion: 1.0.0\n", told: "platform: {}",
	}))
	require.NoError(t, err)

	_, err = found[0].Render(nil)
	require.ErrorContains(t, err, "environments/sandbox.yaml")
}

// The rest of what a chart says is read as it is: its route, its arguments, its variables without files.
func TestWhatAChartRenders(t *testing.T) {
	t.Parallel()

	found, err := chart.Services(folder(t, map[string]string{
		definition:                  "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
		told:                        "platform: {environment: sandbox, mysql: {host: far.example, port: 3306}}",
		"chart/templates/NOTES.txt": "It is: there: {{ .Release.Name }}",
		"chart/templates/ingress.yaml": `kind: Ingress
spec: {rules: [{http: {paths: [{path: /shop}, {path: /till}]}}]}`,
		"chart/templates/deployment.yaml": `kind: Deployment
spec:
  template:
    spec:
      containers:
        - args: [serve]
          env:
            - {name: ENVIRONMENT, value: {{ .Values.platform.environment }}}
            - {name: MYSQL, value: {{ with .Values.platform.mysql }}"{{ .host }}:{{ .port }} {{ .auth }}"{{ end }}}
            - {name: REPLICAS, value: {{ .Values.replicas | quote }}}
            - {name: MYSQL_PASSWORD_FILE, value: /secret}`,
		"chart/templates/migration.yaml": `kind: ServiceAccount
---
kind: Job
spec: {template: {spec: {containers: [{args: [migrate]}]}}}`,
		"environments/sandbox.yaml": "replicas: 2",
	}))
	require.NoError(t, err)

	for name, test := range map[string]struct {
		store stores.Store
		mysql string
	}{
		"embedded": {store: stores.Store{Host: "127.0.0.1", Port: 4000}, mysql: "127.0.0.1:4000 password"},
		"real":     {mysql: "far.example:3306 password"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			run, err := found[0].Render(stores.Stores{"mysql": test.store})
			require.NoError(t, err)
			assert.Equal(t, chart.Run{
				Paths: []string{"/shop", "/till"},
				Serve: chart.Command{
					Args: []string{"serve"}, Environ: []string{"ENVIRONMENT=local", "MYSQL=" + test.mysql, "REPLICAS=2"},
				},
				Migrate: chart.Command{Args: []string{"migrate"}},
			}, run)
		})
	}
}
