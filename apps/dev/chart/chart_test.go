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
	sandbox    = "chart/ci/sandbox.yaml"
)

// folder returns a folder with the service shop, which has the files.
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

func TestAServiceNeedsTheStoresOfItsValues(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		values string
		needs  []string
	}{
		"nothing": {values: "platform: {path: /shop}"},
		"MySQL":   {values: "platform: {mysql: {database: shop}}", needs: []string{"mysql"}},
		"Redis":   {values: "platform: {redis: {port: 6379}}", needs: []string{"redis"}},
		"both": {
			values: "platform: {redis: {port: 6379}, mysql: {database: shop}}", needs: []string{"mysql", "redis"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			found, err := chart.Services(folder(t, map[string]string{definition: "", sandbox: test.values}))
			require.NoError(t, err)
			require.Len(t, found, 1)
			assert.Equal(t, "shop", found[0].Name)
			assert.Equal(t, test.needs, found[0].Needs)
		})
	}
}

func TestAnErrorNamesTheUnreadableFile(t *testing.T) {
	t.Parallel()

	for name, test := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no service":     {want: "found no */chart/Chart.yaml in "},
		"no values":      {files: map[string]string{definition: ""}, want: "chart/ci"},
		"invalid values": {files: map[string]string{definition: "", sandbox: ":"}, want: sandbox},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()

			_, err := chart.Services(folder(t, test.files))
			require.ErrorContains(t, err, test.want)
		})
	}

	found, err := chart.Services(folder(t, map[string]string{
		definition: "apiVersion: v2\nname: shop\nversion: 1.0.0\n", sandbox: "platform: {}",
	}))
	require.NoError(t, err)

	_, err = found[0].Render(nil)
	require.ErrorContains(t, err, "environments")
}

func TestAServiceHasTheRoutesArgumentsAndVariablesOfItsChart(t *testing.T) {
	t.Parallel()

	found, err := chart.Services(folder(t, map[string]string{
		definition:                  "apiVersion: v2\nname: shop\nversion: 1.0.0\n",
		sandbox:                     "platform: {environment: sandbox, mysql: {host: far.example, port: 3306}}",
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
