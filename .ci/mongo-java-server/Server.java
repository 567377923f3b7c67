import de.bwaldvogel.mongo.MongoBackend;
import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.memory.MemoryBackend;
import java.util.List;

/** A server of MongoDB's protocol, in memory, on a free port of this machine. Prints its URI once it answers. */
class Server {
  public static void main(String[] args) {
    MongoBackend backend = new MemoryBackend();
    // It calls itself MongoDB 4.2 at most; the Node driver talks to 4.4 and later. What Linkpin uses is older than both.
    backend.version(new MongoVersion() {
      public List<Integer> getVersionArray() { return List.of(4, 4, 0); }
      public int getWireVersion() { return 9; }
    });
    System.out.println(new MongoServer(backend).bindAndGetConnectionString());
  }
}
