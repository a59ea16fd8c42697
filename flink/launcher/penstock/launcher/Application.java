package penstock.launcher;

import org.apache.flink.client.deployment.application.ApplicationClusterEntryPoint;
import org.apache.flink.client.program.DefaultPackagedProgramRetriever;
import org.apache.flink.client.program.PackagedProgram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.plugin.PluginUtils;
import org.apache.flink.runtime.entrypoint.ClusterEntrypoint;
import org.apache.flink.runtime.entrypoint.ClusterEntrypointUtils;
import org.apache.flink.runtime.entrypoint.EntrypointClusterConfiguration;
import org.apache.flink.runtime.resourcemanager.StandaloneResourceManagerFactory;
import org.apache.flink.runtime.util.EnvironmentInformation;
import org.apache.flink.runtime.util.JvmShutdownSafeguard;
import org.apache.flink.runtime.util.SignalHandler;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Properties;
import java.util.jar.Attributes;
import java.util.jar.JarFile;

/**
 * The job manager of one job: Flink's own {@code StandaloneApplicationClusterEntryPoint}, step by step, but for two
 * things. What the job is started with, its arguments above all, is read from a file that only its owner may read:
 * Flink's class takes it from the command line, where every user of the machine sees it, and writes it into its log.
 * And {@link Main} stands before the job's own {@code main}, to keep a record of how that ends.
 */
public final class Application extends ApplicationClusterEntryPoint {
    private static final String FLINKS_OWN = "StandaloneApplicationClusterEntryPoint";

    private Application(Configuration configuration, PackagedProgram program) {
        super(configuration, program, StandaloneResourceManagerFactory.getInstance());
    }

    /** {@code --configDir FOLDER --job FILE --record FILE}. */
    public static void main(String[] args) {
        // People and programs that read logs know Flink's own name.
        EnvironmentInformation.logEnvironmentInfo(LOG, FLINKS_OWN, args);
        SignalHandler.register(LOG);
        JvmShutdownSafeguard.installAsShutdownHook(LOG);

        Configuration configuration = null;
        PackagedProgram program = null;
        try {
            Job job = Job.read(file(args, "--job"));
            configuration = configuration(file(args, "--configDir"), job);
            FileSystem.initialize(configuration, PluginUtils.createPluginManagerFromRootFolder(configuration));
            Configuration complete = configuration;
            Path record = file(args, "--record");
            program = installSecurityContext(configuration).runSecured(() -> program(job, complete, record));
        } catch (Exception problem) {
            LOG.error("Could not create application program.", problem);
            System.exit(STARTUP_FAILURE_RETURN_CODE);
        }
        try {
            configureExecution(configuration, program);
        } catch (Exception problem) {
            LOG.error("Could not apply application configuration.", problem);
            System.exit(STARTUP_FAILURE_RETURN_CODE);
        }
        ClusterEntrypoint.runClusterEntrypoint(new Application(configuration, program));
    }

    private static Path file(String[] args, String name) {
        for (int i = 0; i + 1 < args.length; i += 2) {
            if (args[i].equals(name)) {
                return Paths.get(args[i + 1]);
            }
        }
        throw new IllegalArgumentException(name + " is missing: the portal starts this class, not a person.");
    }

    private static Configuration configuration(Path folder, Job job) {
        Configuration configuration =
                loadConfiguration(
                        new EntrypointClusterConfiguration(
                                folder.toString(), new Properties(), new String[0], null, -1));
        job.addTo(configuration);
        return configuration;
    }

    /** What the job's own jar names, where other jars beside it may name something too; otherwise Flink looks itself. */
    private static String entryClass(File jars) throws IOException {
        if (jars == null || !new File(jars, "more-1.jar").exists()) {
            return null;
        }
        try (JarFile own = new JarFile(new File(jars, "job.jar"))) {
            Attributes names =
                    own.getManifest() == null ? new Attributes() : own.getManifest().getMainAttributes();
            String name = names.getValue(PackagedProgram.MANIFEST_ATTRIBUTE_ASSEMBLER_CLASS);
            return name == null ? names.getValue(PackagedProgram.MANIFEST_ATTRIBUTE_MAIN_CLASS) : name;
        }
    }

    private static PackagedProgram program(Job job, Configuration configuration, Path record) throws Exception {
        // Flink finds the entry class, and says what is wrong with it.
        File jars = ClusterEntrypointUtils.tryFindUserLibDirectory().orElse(null);
        try (PackagedProgram found =
                DefaultPackagedProgramRetriever.create(
                                jars,
                                job.entryClass() == null ? entryClass(jars) : job.entryClass(),
                                job.arguments(),
                                configuration)
                        .getPackagedProgram()) {
            Main.prepare(found.getMainClassName(), record);
            return PackagedProgram.newBuilder()
                    .setEntryPointClassName(Main.class.getName())
                    .setUserClassPaths(found.getClasspaths())
                    .setArguments(job.arguments())
                    .setConfiguration(configuration)
                    .build();
        }
    }
}
